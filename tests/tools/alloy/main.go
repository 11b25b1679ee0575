// Command alloycheck judges Alloy configurations as `alloy fmt -t` and loading by `alloy run` do.
//
//	alloycheck PATH...
//
// All files among the paths form one configuration; each folder is one of its own, made of its
// *.alloy files, as Alloy loads a folder. It prints one line a finding, file:line:col: message, and
// exits 0 when there is none, 1 when there are some, 2 when it was called wrongly.
//
//	alloycheck -verdicts FILE
//
// compares its verdicts with recorded ones.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/diag"
	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
	"github.com/grafana/alloy/syntax/token"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprintln(os.Stderr, "usage: alloycheck PATH... | alloycheck -verdicts FILE")
		return 2
	}
	catalog, err := loadCatalog()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if args[0] == "-verdicts" && len(args) == 2 {
		return compareVerdicts(catalog, args[1])
	}
	configurations, err := configurationsOf(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}

	found := 0
	for _, paths := range configurations {
		findings, err := judge(catalog, paths)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		for _, finding := range findings {
			fmt.Println(finding)
		}
		found += len(findings)
	}
	if found > 0 {
		return 1
	}
	return 0
}

// configurationsOf groups the paths by what Alloy would load together.
func configurationsOf(args []string) ([][]string, error) {
	var files []string
	var configurations [][]string
	for _, path := range args {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		inside, err := filepath.Glob(filepath.Join(path, "*.alloy"))
		if err != nil {
			return nil, err
		}
		if len(inside) == 0 {
			return nil, fmt.Errorf("%s: no *.alloy file in it", path)
		}
		slices.Sort(inside)
		configurations = append(configurations, inside)
	}
	if len(files) > 0 {
		configurations = append(configurations, files)
	}
	return configurations, nil
}

func judge(catalog *Catalog, paths []string) ([]Finding, error) {
	var findings []Finding
	var files []*ast.File
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		file, refused := parse(path, text)
		if len(refused) > 0 {
			findings = append(findings, refused...)
			continue
		}
		files = append(files, file)
		findings = append(findings, checkFormat(path, text, file)...)
	}
	if len(files) == len(paths) {
		findings = append(findings, checkConfiguration(catalog, files)...)
	}
	return findings, nil
}

func parse(path string, text []byte) (*ast.File, []Finding) {
	file, err := parser.ParseFile(path, text)
	if err == nil {
		return file, nil
	}
	var many diag.Diagnostics
	if !errors.As(err, &many) {
		return nil, []Finding{{token.Position{Filename: path, Line: 1, Column: 1}, err.Error()}}
	}
	var findings []Finding
	for _, one := range many {
		findings = append(findings, Finding{one.StartPos, one.Message})
	}
	return nil, findings
}

// checkFormat compares a file with its formatted form.
func checkFormat(path string, text []byte, file *ast.File) []Finding {
	var formatted bytes.Buffer
	if err := printer.Fprint(&formatted, file); err != nil {
		return []Finding{{token.Position{Filename: path, Line: 1, Column: 1}, err.Error()}}
	}
	formatted.WriteByte('\n')
	if bytes.Equal(text, formatted.Bytes()) {
		return nil
	}
	line := 1
	have, want := bytes.Split(text, []byte("\n")), bytes.Split(formatted.Bytes(), []byte("\n"))
	for line <= min(len(have), len(want)) && bytes.Equal(have[line-1], want[line-1]) {
		line++
	}
	expected := ""
	if line <= len(want) {
		expected = fmt.Sprintf(", which has %q here", want[line-1])
	}
	return []Finding{{
		token.Position{Filename: path, Line: line, Column: 1},
		"differs from its formatted form" + expected,
	}}
}
