package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/alloy/syntax/ast"
)

func testCatalog(t *testing.T) *Catalog {
	t.Helper()
	catalog, err := loadCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

func findings(t *testing.T, text string) []string {
	t.Helper()
	file, found := parse("config.alloy", []byte(text))
	if len(found) == 0 {
		found = checkFormat("config.alloy", []byte(text), file)
		found = append(found, checkConfiguration(testCatalog(t), []*ast.File{file})...)
	}
	var lines []string
	for _, finding := range found {
		lines = append(lines, finding.String())
	}
	return lines
}

func TestEveryTypeOfTheCatalogCanBeBuilt(t *testing.T) {
	catalog := testCatalog(t)
	for name := range catalog.Types {
		if catalog.bodyType(name).Kind() != reflect.Struct {
			t.Errorf("%s", name)
		}
	}
}

func TestTheFunctionsAreThoseOfTheCatalog(t *testing.T) {
	catalog := testCatalog(t)
	for namespace, names := range catalog.Functions {
		if slices.Contains([]string{"", "deprecated", "experimental"}, namespace) {
			continue
		}
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			return slices.Contains(catalog.Functions["experimental"], namespace+"."+name)
		})
		var have []string
		for _, key := range reflect.ValueOf(globals[namespace]).MapKeys() {
			have = append(have, key.String())
		}
		slices.Sort(have)
		slices.Sort(names)
		if !slices.Equal(have, names) {
			t.Errorf("%s: have %v, want %v", namespace, have, names)
		}
	}
	for _, name := range slices.Concat(catalog.Functions[""], catalog.Functions["deprecated"]) {
		for _, line := range findings(t, "logging {\n\tlevel = "+name+"()\n}\n") {
			if strings.Contains(line, "does not exist") {
				t.Error(line)
			}
		}
	}
}

const pipeline = `discovery.docker "containers" {
	host = "tcp://docker-socket-proxy:2375"
}

discovery.relabel "containers" {
	targets = discovery.docker.containers.targets

	rule {
		source_labels = ["__meta_docker_container_name"]
		regex         = "/(.*)"
		target_label  = "container"
	}
}

loki.source.docker "containers" {
	host          = "tcp://docker-socket-proxy:2375"
	targets       = array.concat(discovery.docker.containers.targets, [{__address__ = "x"}])
	relabel_rules = discovery.relabel.containers.rules
	forward_to    = [loki.process.containers.receiver]
}

loki.process "containers" {
	forward_to = [loki.write.stack.receiver]

	stage.match {
		selector = "{container=\"accounts\"}"

		stage.regex {
			expression = "(?P<level>INFO)"
		}
	}
}

prometheus.exporter.blackbox "probes" {
	config = "{ modules: { http: { prober: http } } }"

	target {
		name    = "website"
		address = "https://example.org"
		module  = "http"
	}
}

prometheus.scrape "probes" {
	targets    = prometheus.exporter.blackbox.probes.targets
	forward_to = [prometheus.remote_write.stack.receiver]

	clustering {
		enabled = false
	}
}

prometheus.remote_write "stack" {
	endpoint {
		url = "https://prometheus:9090/api/v1/write"
	}
}

loki.write "stack" {
	endpoint {
		url = "https://gateway:3100/loki/api/v1/push"
	}
}
`

func TestACorrectPipelineHasNoFinding(t *testing.T) {
	if found := findings(t, pipeline); len(found) > 0 {
		t.Error(strings.Join(found, "\n"))
	}
}

func TestEachFaultIsFound(t *testing.T) {
	for fault, change := range map[string][2]string{
		"does not exist or is out of scope":      {"[loki.write.stack.receiver]", "[loki.write.gone.receiver]"},
		"main.LogsReceiver":                      {"[loki.write.stack.receiver]", "[prometheus.remote_write.stack.receiver]"},
		"error parsing regexp":                   {"(?P<level>INFO)", "(?P<level>INFO"},
		"differs from its formatted form":        {"\tenabled = false", "\tenabled  = false"},
		"unrecognized attribute name":            {"\tenabled = false", "\tenable = false"},
		"exactly one of config":                  {"\tconfig = \"{ modules: { http: { prober: http } } }\"\n\n", ""},
		`field "recevier" does not exist`:        {"stack.receiver]", "stack.recevier]"},
		"requires 'target_label' value":          {"\n\t\ttarget_label  = \"container\"", ""},
		"cannot find the definition":             {"discovery.docker \"", "discovery.dockers \""},
		"greater than scrape_interval":           {"\n\tclustering", "\n\tscrape_timeout = \"2m\"\n\n\tclustering"},
		`missing required attribute "selector"`:  {"\t\tselector = \"{container=\\\"accounts\\\"}\"\n\n", ""},
		"should be string, got bool":             {`url = "https://gateway:3100/loki/api/v1/push"`, "url = true"},
		"bool, got string":                       {"enabled = false", `enabled = "false"`},
		"missing unit in duration":               {"\n\tclustering", "\n\tscrape_timeout = \"20\"\n\n\tclustering"},
		"a target is an object of labels":        {`[{__address__ = "x"}]`, `["x"]`},
		"already declared at config.alloy":       {`loki.write "stack"`, "loki.write \"stack\" {\n\tendpoint {\n\t\turl = \"http://a\"\n\t}\n}\n\nloki.write \"stack\""},
		`field "flatten" does not exist`:         {"array.concat", "array.flatten"},
		"illegal character":                      {"host = ", "host = ;"},
		"must have a label":                      {`discovery.docker "containers"`, "discovery.docker"},
		"unrecognized block name \"stage.rege\"": {"stage.regex", "stage.rege"},
	} {
		text := strings.Replace(pipeline, change[0], change[1], 1)
		if text == pipeline {
			t.Errorf("%s: nothing was changed", fault)
		}
		found := strings.Join(findings(t, text), "\n")
		if !strings.Contains(found, fault) {
			t.Errorf("%s: got %q", fault, found)
		}
	}
}

func TestBodiesOfEveryComponentAreJudged(t *testing.T) {
	catalog := testCatalog(t)
	for _, name := range slices.Sorted(maps.Keys(catalog.Components)) {
		file, found := parse("config.alloy", []byte(name+" \"x\" {\n\tno_such_attribute = 1\n}\n"))
		if len(found) > 0 {
			t.Fatal(found)
		}
		if len(checkConfiguration(catalog, []*ast.File{file})) != 1 {
			t.Errorf("%s takes any attribute", name)
		}
	}
}
