package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	prefix        = "/etc/nginx"
	configuration = prefix + "/nginx.conf"
)

// surroundings are the files that a container would have.
type surroundings struct {
	root   string
	beside string // the folder that the configuration came from
}

func (s surroundings) furnish(text string, names []string) error {
	certificate, key, err := throwAway()
	if err != nil {
		return err
	}
	host := "127.0.0.1 localhost " + strings.Join(names, " ") + "\n"
	for path, content := range map[string]string{
		configuration:        text,
		"/etc/hosts":         host,
		"/etc/nsswitch.conf": "hosts: files\n",
		"/etc/resolv.conf":   "",
	} {
		if err := s.write(path, content); err != nil {
			return err
		}
	}
	for _, directive := range directives(text) {
		content := ""
		switch name := directive[0]; {
		case strings.HasSuffix(name, "ssl_certificate_key"):
			content = key
		case strings.HasSuffix(name, "ssl_certificate"),
			strings.HasSuffix(name, "ssl_trusted_certificate"),
			strings.HasSuffix(name, "ssl_client_certificate"):
			content = certificate
		case name == "auth_basic_user_file":
			content = "placeholder:$5$rounds=1000$salt$hash\n"
		case name == "include":
			content = "proxy_set_header Authorization \"Basic eDp5\";\n"
		default:
			continue
		}
		if len(directive) != 2 || strings.ContainsAny(directive[1], "*?[$") {
			continue
		}
		if err := s.place(directive[1], content); err != nil {
			return err
		}
	}
	return nil
}

// place puts a file where there is none: its own content if it lies beside the configuration,
// a placeholder otherwise.
func (s surroundings) place(path, content string) error {
	if !filepath.IsAbs(path) {
		path = filepath.Join(prefix, path)
	}
	if own, err := os.ReadFile(filepath.Join(s.beside, filepath.Base(path))); err == nil {
		return s.write(path, string(own))
	}
	if _, err := os.Stat(s.root + path); err == nil {
		return nil
	}
	return s.write(path, content)
}

func (s surroundings) write(path, content string) error {
	target := s.root + path
	// A link would lead out of the layer.
	if info, err := os.Lstat(target); err == nil && !info.Mode().IsRegular() {
		if err := os.Remove(target); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, []byte(content), 0o644)
}

// directives lists the simple directives of a configuration: a name and its arguments.
func directives(text string) [][]string {
	var all [][]string
	var words []string
	var word strings.Builder
	open := false
	end := func() {
		if open {
			words = append(words, word.String())
		}
		word.Reset()
		open = false
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '#' && !open:
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case (c == '"' || c == '\'') && !open:
			open = true
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' && i+1 < len(text) {
					i++
				}
				word.WriteByte(text[i])
			}
			end()
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			end()
		case c == ';':
			end()
			if len(words) > 0 {
				all = append(all, words)
			}
			words = nil
		case c == '{' && (!open || word.String() != "$"), c == '}' && !strings.Contains(word.String(), "${"):
			end()
			words = nil
		default:
			open = true
			word.WriteByte(c)
		}
	}
	return all
}

// throwAway makes a certificate and its key.
func throwAway() (certificate, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("making a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "throw-away"},
		DNSNames:     []string{"localhost"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IsCA:         true,

		BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return "", "", fmt.Errorf("making a certificate: %w", err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", fmt.Errorf("encoding a key: %w", err)
	}
	certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}))
	key = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}))
	return certificate, key, nil
}
