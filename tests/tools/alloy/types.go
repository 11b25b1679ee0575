package main

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/units"
)

// What components hand to one another. Values of these types come from exports alone, and one
// cannot stand for another.
type (
	LogsReceiver      struct{}
	MetricsReceiver   struct{}
	ProfilesReceiver  struct{}
	TelemetryConsumer struct{}
	RelabelRules      struct{}
	AuthHandler       struct{}
	ExtensionHandler  struct{}
)

func (LogsReceiver) AlloyCapsule()      {}
func (MetricsReceiver) AlloyCapsule()   {}
func (ProfilesReceiver) AlloyCapsule()  {}
func (TelemetryConsumer) AlloyCapsule() {}
func (RelabelRules) AlloyCapsule()      {}
func (AuthHandler) AlloyCapsule()       {}
func (ExtensionHandler) AlloyCapsule()  {}

var capsuleTypes = map[string]reflect.Type{
	"common/loki.LogsReceiver":                            reflect.TypeFor[LogsReceiver](),
	"github.com/prometheus/prometheus/storage.Appendable": reflect.TypeFor[MetricsReceiver](),
	"pyroscope.Appendable":                                reflect.TypeFor[ProfilesReceiver](),
	"otelcol.Consumer":                                    reflect.TypeFor[TelemetryConsumer](),
	"common/relabel.Rules":                                reflect.TypeFor[RelabelRules](),
	"otelcol/auth.Handler":                                reflect.TypeFor[AuthHandler](),
	"otelcol/extension.ExtensionHandler":                  reflect.TypeFor[ExtensionHandler](),
}

// Target is one thing to scrape or tail: an object of labels.
type Target struct{ Labels int }

// AlloyCapsule marks the type.
func (Target) AlloyCapsule() {}

// ConvertFrom takes any object.
func (t *Target) ConvertFrom(src any) error {
	value := reflect.ValueOf(src)
	if value.Kind() == reflect.Map && value.Type().Key().Kind() == reflect.String {
		t.Labels = value.Len()
		return nil
	}
	return fmt.Errorf("a target is an object of labels, not a %T", src)
}

// Strings with a syntax of their own.
type (
	logLevel      struct{}
	logFormat     struct{}
	tlsVersion    struct{}
	tlsCipher     struct{}
	tlsCurve      struct{}
	tlsClientAuth struct{}
	detector      struct{}
	relabelAction struct{ name string }
	relabelRegexp struct{}
	anyURL        struct{}
	byteSize      struct{}
)

func oneOf(text []byte, what string, allowed ...string) error {
	if slices.Contains(allowed, string(text)) {
		return nil
	}
	return fmt.Errorf("unknown %s %q, it is one of %s", what, text, strings.Join(allowed, ", "))
}

func (*logLevel) UnmarshalText(text []byte) error {
	return oneOf(text, "log level", "error", "warn", "info", "debug")
}

func (*logFormat) UnmarshalText(text []byte) error {
	return oneOf(text, "log format", "logfmt", "json")
}

func (*tlsVersion) UnmarshalText(text []byte) error {
	return oneOf(text, "TLS version", "", "TLS10", "TLS11", "TLS12", "TLS13")
}

func (*tlsCipher) UnmarshalText(text []byte) error {
	for _, suite := range tls.CipherSuites() {
		if suite.Name == string(text) {
			return nil
		}
	}
	return fmt.Errorf("unknown cipher suite %q", text)
}

func (*tlsCurve) UnmarshalText(text []byte) error {
	return oneOf(text, "curve", "CurveP256", "CurveP384", "CurveP521", "X25519")
}

func (*tlsClientAuth) UnmarshalText(text []byte) error {
	return oneOf(text, "client authentication", "NoClientCert", "RequestClientCert",
		"RequireAnyClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert")
}

func (*detector) UnmarshalText(text []byte) error {
	return oneOf(text, "detector", "fsnotify", "poll")
}

func (a *relabelAction) UnmarshalText(text []byte) error {
	a.name = string(text)
	return oneOf(text, "action", "replace", "keep", "drop", "keepequal", "dropequal", "hashmod",
		"labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase")
}

func (*relabelRegexp) UnmarshalText(text []byte) error {
	_, err := regexp.Compile("^(?:" + string(text) + ")$")
	return err
}

func (*anyURL) UnmarshalText(text []byte) error {
	_, err := url.Parse(string(text))
	return err
}

func (*byteSize) UnmarshalText(text []byte) error {
	_, err := units.ParseBase2Bytes(string(text))
	return err
}

var textTypes = map[string]reflect.Type{
	"runtime/logging.Level":                  reflect.TypeFor[logLevel](),
	"runtime/logging.Format":                 reflect.TypeFor[logFormat](),
	"common/config.TLSVersion":               reflect.TypeFor[tlsVersion](),
	"service/http.TLSVersion":                reflect.TypeFor[tlsVersion](),
	"service/http.TLSCipher":                 reflect.TypeFor[tlsCipher](),
	"service/http.TLSCurve":                  reflect.TypeFor[tlsCurve](),
	"service/http.ClientAuth":                reflect.TypeFor[tlsClientAuth](),
	"filedetector.Detector":                  reflect.TypeFor[detector](),
	"common/relabel.Action":                  reflect.TypeFor[relabelAction](),
	"common/relabel.Regexp":                  reflect.TypeFor[relabelRegexp](),
	"common/config.URL":                      reflect.TypeFor[anyURL](),
	"github.com/alecthomas/units.Base2Bytes": reflect.TypeFor[byteSize](),
}
