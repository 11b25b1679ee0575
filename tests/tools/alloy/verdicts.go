package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/grafana/alloy/syntax/ast"
)

type verdict struct {
	Case     string `json:"case"`
	Accepted bool   `json:"accepted_by_run"`
	Message  string `json:"message"`
	Input    string `json:"input"`
}

// compareVerdicts prints where this program and a recorded `alloy run` disagree. The format of
// the inputs is not compared: `alloy run` does not ask for it.
func compareVerdicts(catalog *Catalog, path string) int {
	file, err := os.Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer file.Close()

	total, falseRejections, falseAcceptances := 0, 0, 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var recorded verdict
		if err := json.Unmarshal(lines.Bytes(), &recorded); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		parsed, findings := parse("config.alloy", []byte(recorded.Input))
		if len(findings) == 0 {
			findings = checkConfiguration(catalog, []*ast.File{parsed})
		}
		total++
		switch {
		case recorded.Accepted && len(findings) > 0:
			falseRejections++
			fmt.Printf("wrongly refused: %s\n", recorded.Case)
			for _, finding := range findings {
				fmt.Printf("    %s\n", finding)
			}
		case !recorded.Accepted && len(findings) == 0:
			falseAcceptances++
			fmt.Printf("wrongly accepted: %s\n    %s\n", recorded.Case, recorded.Message)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	fmt.Printf("%d of %d agree; %d wrongly refused, %d wrongly accepted\n",
		total-falseRejections-falseAcceptances, total, falseRejections, falseAcceptances)
	if falseRejections+falseAcceptances > 0 {
		return 1
	}
	return 0
}
