package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/grafana/alloy/syntax/alloytypes"
	"gopkg.in/yaml.v3"
)

// The published syntax module carries the bare function names alone: the namespaced ones, and
// two constants, belong to Alloy itself.

func concat(lists ...[]any) []any {
	all := []any{}
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

func nonsensitive(secret alloytypes.Secret) string { return string(secret) }

func fromJSON(text string) (any, error) {
	var value any
	err := json.Unmarshal([]byte(text), &value)
	return value, err
}

func fromYAML(text string) (any, error) {
	var value any
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err
}

func toJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func fromBase64(encoding *base64.Encoding) func(string) (string, error) {
	return func(text string) (string, error) {
		value, err := encoding.DecodeString(text)
		return string(value), err
	}
}

func toBase64(encoding *base64.Encoding) func(string) string {
	return func(text string) string { return encoding.EncodeToString([]byte(text)) }
}

// globals are the names that every expression can use, beside the bare functions.
var globals = map[string]any{
	"array":   map[string]any{"concat": concat},
	"convert": map[string]any{"nonsensitive": nonsensitive},
	"encoding": map[string]any{
		"from_json":      fromJSON,
		"from_yaml":      fromYAML,
		"from_base64":    fromBase64(base64.StdEncoding),
		"from_URLbase64": fromBase64(base64.URLEncoding),
		"to_json":        toJSON,
		"to_base64":      toBase64(base64.StdEncoding),
		"to_URLbase64":   toBase64(base64.URLEncoding),
	},
	"file": map[string]any{"path_join": filepath.Join},
	"string": map[string]any{
		"format":      fmt.Sprintf,
		"join":        strings.Join,
		"replace":     strings.ReplaceAll,
		"split":       strings.Split,
		"to_lower":    strings.ToLower,
		"to_upper":    strings.ToUpper,
		"trim":        strings.Trim,
		"trim_prefix": strings.TrimPrefix,
		"trim_suffix": strings.TrimSuffix,
		"trim_space":  strings.TrimSpace,
	},
	"sys": map[string]any{"env": os.Getenv},
	"constants": map[string]string{
		"hostname": "localhost",
		"os":       runtime.GOOS,
		"arch":     runtime.GOARCH,
		"version":  "v1.10.1",
	},
	"yaml_decode":   fromYAML,
	"base64_decode": fromBase64(base64.StdEncoding),
}
