package main

import (
	"reflect"
	"testing"
)

func TestDirectives(t *testing.T) {
	text := `
# include commented.conf;
http {
	include mime.types;
	log_format main '$remote_addr "$request"; {x}' "a\"b";
	map $http_upgrade $connection { default upgrade; '' close; }
	server { ssl_certificate /run/a.crt; location ~ ^/x{2}$ { return 404; } set $a ${b}c; }
}
`
	want := [][]string{
		{"include", "mime.types"},
		{"log_format", "main", `$remote_addr "$request"; {x}`, `a"b`},
		{"default", "upgrade"},
		{"", "close"},
		{"ssl_certificate", "/run/a.crt"},
		{"return", "404"},
		{"set", "$a", "${b}c"},
	}
	if have := directives(text); !reflect.DeepEqual(have, want) {
		t.Errorf("have %q, want %q", have, want)
	}
}
