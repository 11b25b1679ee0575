package main

import (
	"bytes"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/printer"
)

// body is one decoded body with its source.
type body struct {
	m     *module
	kind  string
	block *ast.BlockStmt
	stmts ast.Body
	value reflect.Value
}

// rules are what components ask of their arguments beyond the type of each.
var rules = map[string]func(body){
	"common/relabel.Config":           relabelRule,
	"loki/process/stages.DropConfig":  dropStage,
	"loki/process/stages.RegexConfig": func(b body) { b.regexp("expression") },
	"loki/process/stages.ReplaceConfig": func(b body) {
		b.regexp("expression")
	},
	"loki/process/stages.MultilineConfig": func(b body) { b.regexp("firstline") },
	"loki/write.Arguments":                lokiWrite,
	"prometheus/exporter/blackbox.Arguments": func(b body) {
		if b.given("config") == b.given("config_file") {
			b.report("exactly one of config and config_file is required")
		}
	},
	"prometheus/exporter/kafka.Arguments": func(b body) {
		if uris, _ := b.get("kafka_uris"); uris.Len() > 1 && b.text("instance") == "" {
			b.report("with more than one of kafka_uris, instance is required")
		}
	},
	"prometheus/remotewrite.Arguments":  remoteWrite,
	"prometheus/remotewrite.WALOptions": remoteWriteWAL,
	"prometheus/scrape.Arguments":       scrape,
}

// check applies the rules to a body and the bodies in it.
func (m *module) check(kind string, block *ast.BlockStmt, stmts ast.Body, value reflect.Value) {
	b := body{m, kind, block, stmts, value}
	if rule, ok := rules[kind]; ok {
		rule(b)
	}
	b.clientRules()

	seen := map[string]int{}
	for _, inner := range b.blocks() {
		name := inner.GetBlockName()
		field, ok := m.catalog.field(kind, name)
		if !ok {
			continue
		}
		prefix, rest, _ := strings.Cut(name, ".")
		key := name
		if field.Kind == "enum-block" {
			key = prefix
		}
		decoded, ok := b.get(key)
		if !ok {
			continue
		}
		if decoded.Kind() == reflect.Slice {
			decoded = decoded.Index(seen[key])
			seen[key]++
		}
		if field.Kind == "enum-block" {
			decoded, _ = m.value("", rest, decoded)
			decoded = decoded.Elem()
		}
		m.check(field.Type, inner, inner.Body, decoded)
	}
}

func (b body) report(format string, args ...any) { b.m.report(b.block.NamePos, format, args...) }

func (b body) get(name string) (reflect.Value, bool) { return b.m.value(b.kind, name, b.value) }

func (b body) given(name string) bool {
	for _, statement := range b.stmts {
		switch statement := statement.(type) {
		case *ast.AttributeStmt:
			if statement.Name.Name == name {
				return true
			}
		case *ast.BlockStmt:
			if statement.GetBlockName() == name {
				return true
			}
		}
	}
	return false
}

func (b body) blocks() []*ast.BlockStmt {
	var blocks []*ast.BlockStmt
	for _, statement := range b.stmts {
		if block, ok := statement.(*ast.BlockStmt); ok {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

func (b body) text(name string) string {
	value, _ := b.get(name)
	return value.String()
}

// duration gives an attribute, or its default in the catalog.
func (b body) duration(name string) time.Duration {
	if b.given(name) {
		value, _ := b.get(name)
		return value.Interface().(time.Duration)
	}
	field, _ := b.m.catalog.field(b.kind, name)
	value, err := time.ParseDuration(strings.Trim(string(field.Default), `"`))
	if err != nil {
		return 0
	}
	return value
}

func (b body) regexp(name string) {
	if _, err := regexp.Compile(b.text(name)); err != nil {
		b.report("%s: %s", name, err)
	}
}

// clientRules holds for every body with the settings of an HTTP client.
func (b body) clientRules() {
	var ways []string
	for _, name := range []string{"basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "sigv4", "azuread"} {
		if _, known := b.m.catalog.field(b.kind, name); known && b.given(name) {
			ways = append(ways, name)
		}
	}
	if len(ways) > 1 {
		b.report("at most one of %s must be configured", strings.Join(ways, ", "))
	}
	switch b.kind {
	case "common/config.BasicAuth":
		b.exclusive("password", "password_file")
	case "common/config.Authorization":
		b.exclusive("credentials", "credentials_file")
	case "common/config.TLSConfig":
		b.exclusive("ca_pem", "ca_file")
		b.exclusive("cert_pem", "cert_file")
		b.exclusive("key_pem", "key_file")
		cert := b.given("cert_pem") || b.given("cert_file")
		if key := b.given("key_pem") || b.given("key_file"); cert != key {
			b.report("a client certificate and its key must be configured together")
		}
	}
}

func (b body) exclusive(one, other string) {
	if b.given(one) && b.given(other) {
		b.report("at most one of %s & %s must be configured", one, other)
	}
}

func (b body) duplicates(name string) {
	seen := map[string]bool{}
	for _, block := range b.blocks() {
		if block.GetBlockName() != name {
			continue
		}
		var text bytes.Buffer
		_ = printer.Fprint(&text, block)
		if seen[text.String()] {
			b.m.report(block.NamePos, "duplicate %s", name)
		}
		seen[text.String()] = true
	}
}

var (
	relabelTarget = regexp.MustCompile(`^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$`)
	labelName     = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
)

func relabelRule(b body) {
	action := "replace"
	if b.given("action") {
		value, _ := b.get("action")
		action = value.Interface().(relabelAction).name
	}
	target := b.text("target_label")
	switch action {
	case "replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal":
		if target == "" {
			b.report("relabel configuration for %s action requires 'target_label' value", action)
		} else if action == "replace" && !relabelTarget.MatchString(target) || action != "replace" && !labelName.MatchString(target) {
			b.report("%q is invalid 'target_label' for %s action", target, action)
		}
	}
	if modulus, _ := b.get("modulus"); action == "hashmod" && modulus.Uint() == 0 {
		b.report("relabel configuration for hashmod requires non-zero modulus")
	}
	var unwanted []string
	switch action {
	case "labeldrop", "labelkeep":
		unwanted = []string{"source_labels", "target_label", "modulus", "separator", "replacement"}
	case "keepequal", "dropequal":
		unwanted = []string{"regex", "modulus", "separator", "replacement"}
	}
	for _, name := range unwanted {
		if b.given(name) {
			b.report("%s does not go with the action %s", name, action)
		}
	}
}

func dropStage(b body) {
	b.regexp("expression")
	for _, name := range []string{"source", "expression", "older_than", "longer_than"} {
		if b.given(name) {
			return
		}
	}
	b.report("drop stage config must contain at least one of source, expression, older_than or longer_than")
}

func lokiWrite(b body) {
	if !b.given("endpoint") {
		b.report("at least one endpoint must be provided")
	}
	if b.given("wal") {
		b.report("the block wal is experimental")
	}
	b.duplicates("endpoint")
}

func remoteWrite(b body) {
	b.duplicates("endpoint")
	endpoints, _ := b.get("endpoint")
	for i := range endpoints.Len() {
		address, _ := b.m.value("", "url", endpoints.Index(i))
		if _, err := url.Parse(address.String()); err != nil {
			b.report("cannot parse remote_write url: %s", err)
		}
	}
}

func remoteWriteWAL(b body) {
	if b.duration("truncate_frequency") <= 0 {
		b.report("truncate_frequency must not be 0")
	}
	if b.duration("max_keepalive_time") <= b.duration("min_keepalive_time") {
		b.report("min_keepalive_time must be smaller than max_keepalive_time")
	}
}

func scrape(b body) {
	interval, timeout := b.duration("scrape_interval"), b.duration("scrape_timeout")
	if timeout > interval {
		b.report("scrape_timeout (%s) greater than scrape_interval (%s)", timeout, interval)
	}
}
