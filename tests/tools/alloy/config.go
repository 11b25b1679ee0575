package main

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/grafana/alloy/syntax/alloytypes"
	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/diag"
	"github.com/grafana/alloy/syntax/token"
	"github.com/grafana/alloy/syntax/vm"
)

// Finding is one reason why Alloy would refuse a configuration.
type Finding struct {
	Position token.Position
	Message  string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.Position.Filename, f.Position.Line, f.Position.Column, f.Message)
}

// node is one top-level block: a component, a use of a declared one, or a configuration block.
type node struct {
	id       string
	block    *ast.BlockStmt
	kind     string
	declared *declaration

	needs   []*node
	broken  bool
	keys    map[string][]string // export → the keys that expressions ask of it
	exports map[string]any
}

// declaration is a component that the configuration itself defines.
type declaration struct {
	block *ast.BlockStmt
	known map[string]*declaration
}

// module is one scope of names: the whole configuration, or the inside of a declared component.
type module struct {
	catalog   *Catalog
	declared  map[string]*declaration
	arguments map[string]any // nil at the top

	nodes    map[string]*node
	order    []*node
	exports  map[string]any
	findings []Finding
}

// checkConfiguration judges files that Alloy would load together.
func checkConfiguration(catalog *Catalog, files []*ast.File) []Finding {
	var body ast.Body
	for _, file := range files {
		body = append(body, file.Body...)
	}
	m := &module{catalog: catalog}
	m.load(body)
	return m.findings
}

func (m *module) report(at token.Pos, format string, args ...any) {
	m.findings = append(m.findings, Finding{at.Position(), fmt.Sprintf(format, args...)})
}

func (m *module) load(body ast.Body) {
	m.nodes = map[string]*node{}
	if m.declared == nil {
		m.declared = map[string]*declaration{}
	}
	m.exports = map[string]any{}

	var exports []*ast.BlockStmt
	parameters := map[string]bool{}
	for _, statement := range body {
		block, ok := statement.(*ast.BlockStmt)
		if !ok {
			m.report(ast.StartPos(statement), "an attribute cannot stand outside a block")
			continue
		}
		switch name := block.GetBlockName(); name {
		case "declare":
			m.declare(block)
		case "argument", "export":
			switch {
			case m.arguments == nil:
				m.report(block.NamePos, "%s is only for a module", name)
			case block.Label == "":
				m.report(block.NamePos, "block %q requires a label", name)
			case name == "export":
				exports = append(exports, block)
			default:
				parameters[block.Label] = true
				m.parameter(block)
			}
		default:
			m.add(block)
		}
	}
	for name := range m.arguments {
		if !parameters[name] {
			m.report(body0(body), "provided argument %q does not exist in the module", name)
		}
	}

	for _, n := range m.order {
		n.needs = m.references(n, n.block.Body)
	}
	for _, n := range m.sorted() {
		m.evaluate(n)
	}
	for _, block := range exports {
		var value struct {
			Value any `alloy:"value,attr"`
		}
		broken := &node{}
		m.references(broken, block.Body)
		if !broken.broken && m.decode(block, block.Body, &value) {
			m.exports[block.Label] = value.Value
		}
	}
}

func body0(body ast.Body) token.Pos {
	if len(body) == 0 {
		return token.NoPos
	}
	return ast.StartPos(body[0])
}

func (m *module) declare(block *ast.BlockStmt) {
	if block.Label == "" {
		m.report(block.NamePos, "declare requires a label")
		return
	}
	if earlier, taken := m.declared[block.Label]; taken && m.arguments == nil {
		m.report(block.NamePos, "block declare.%s already declared at %s", block.Label, earlier.block.NamePos.Position())
		return
	}
	m.declared[block.Label] = &declaration{block, m.declared}
}

func (m *module) parameter(block *ast.BlockStmt) {
	var parameter struct {
		Optional bool   `alloy:"optional,attr,optional"`
		Default  any    `alloy:"default,attr,optional"`
		Comment  string `alloy:"comment,attr,optional"`
	}
	if !m.decode(block, block.Body, &parameter) {
		return
	}
	if _, given := m.arguments[block.Label]; given {
		return
	}
	if !parameter.Optional {
		m.report(block.NamePos, "missing required argument %q to module", block.Label)
	}
	m.arguments[block.Label] = parameter.Default
}

func (m *module) add(block *ast.BlockStmt) {
	name := block.GetBlockName()
	n := &node{id: name, block: block, keys: map[string][]string{}}
	switch component, known := m.catalog.Components[name]; {
	case name == "foreach":
		m.report(block.NamePos, `config block "foreach" is experimental, and Alloy runs what is generally available`)
		return
	case strings.HasPrefix(name, "import."):
		m.report(block.NamePos, "%s brings in what this check cannot see, so it refuses the configuration", name)
		return
	case m.catalog.Blocks[name] != "":
		n.kind = m.catalog.Blocks[name]
		if block.Label != "" {
			m.report(block.NamePos, "block %q does not support specifying labels", name)
			return
		}
		if m.arguments != nil {
			m.report(block.NamePos, "config block %q is not allowed inside a module", name)
			return
		}
	case known:
		n.kind = component.Arguments
		if component.Stability != "generally-available" {
			m.report(block.NamePos, "component %q is at stability level %q, and Alloy runs what is generally available", name, component.Stability)
			return
		}
		if component.Community {
			m.report(block.NamePos, "component %q is a community component, which has to be switched on", name)
			return
		}
	default:
		n.declared = m.declared[name]
		if n.declared == nil {
			m.report(block.NamePos, "cannot find the definition of component name %q", name)
			return
		}
	}
	if n.kind == "" || m.catalog.Blocks[name] == "" {
		if block.Label == "" {
			m.report(block.NamePos, "component %q must have a label", name)
			return
		}
		n.id += "." + block.Label
	}
	if earlier, taken := m.nodes[n.id]; taken {
		m.report(block.NamePos, "block %s already declared at %s", n.id, earlier.block.NamePos.Position())
		return
	}
	m.nodes[n.id] = n
	m.order = append(m.order, n)
}

// references finds the components that the expressions of a body name, and reports those that
// are not there.
func (m *module) references(n *node, body ast.Body) []*node {
	var needs []*node
	visitExpressions(body, func(chain []*ast.Ident) {
		names := make([]string, len(chain))
		for i, ident := range chain {
			names[i] = ident.Name
		}
		for length := len(names); length > 0; length-- {
			target, found := m.nodes[strings.Join(names[:length], ".")]
			if !found {
				continue
			}
			needs = append(needs, target)
			if rest := names[length:]; len(rest) > 1 {
				target.keys[rest[0]] = append(target.keys[rest[0]], rest[1])
			}
			return
		}
		if _, known := m.globals()[names[0]]; known {
			return
		}
		if len(names) == 1 {
			return // a bare name: a function, or the evaluator says that it does not exist
		}
		n.broken = true
		m.report(chain[0].NamePos, "component %q does not exist or is out of scope", strings.Join(names, "."))
	})
	return needs
}

func (m *module) globals() map[string]any {
	if m.arguments == nil {
		return globals
	}
	all := maps.Clone(globals)
	arguments := map[string]any{}
	for name, value := range m.arguments {
		arguments[name] = map[string]any{"value": value}
	}
	all["argument"] = arguments
	return all
}

// visitExpressions calls visit with each longest chain a.b.c of a body's expressions.
func visitExpressions(body ast.Body, visit func([]*ast.Ident)) {
	var expression func(ast.Expr)
	expression = func(e ast.Expr) {
		if chain := chainOf(e); chain != nil {
			visit(chain)
			return
		}
		switch e := e.(type) {
		case *ast.ArrayExpr:
			for _, element := range e.Elements {
				expression(element)
			}
		case *ast.ObjectExpr:
			for _, field := range e.Fields {
				expression(field.Value)
			}
		case *ast.AccessExpr:
			expression(e.Value)
		case *ast.IndexExpr:
			expression(e.Value)
			expression(e.Index)
		case *ast.CallExpr:
			expression(e.Value)
			for _, argument := range e.Args {
				expression(argument)
			}
		case *ast.UnaryExpr:
			expression(e.Value)
		case *ast.BinaryExpr:
			expression(e.Left)
			expression(e.Right)
		case *ast.ParenExpr:
			expression(e.Inner)
		}
	}
	for _, statement := range body {
		switch statement := statement.(type) {
		case *ast.AttributeStmt:
			expression(statement.Value)
		case *ast.BlockStmt:
			visitExpressions(statement.Body, visit)
		}
	}
}

func chainOf(e ast.Expr) []*ast.Ident {
	switch e := e.(type) {
	case *ast.IdentifierExpr:
		return []*ast.Ident{e.Ident}
	case *ast.AccessExpr:
		if before := chainOf(e.Value); before != nil {
			return append(before, e.Name)
		}
	}
	return nil
}

// sorted puts what is needed before what needs it, and reports cycles.
func (m *module) sorted() []*node {
	const entered, done = 1, 2
	state := map[*node]int{}
	var order []*node
	var path []*node
	var visit func(*node)
	visit = func(n *node) {
		switch state[n] {
		case done:
			return
		case entered:
			cycle := path[slices.Index(path, n):]
			ids := make([]string, len(cycle))
			for i, member := range cycle {
				ids[i] = member.id
				member.broken = true
			}
			m.report(n.block.NamePos, "cycle: %s", strings.Join(ids, ", "))
			return
		}
		state[n] = entered
		path = append(path, n)
		for _, needed := range n.needs {
			visit(needed)
		}
		path = path[:len(path)-1]
		state[n] = done
		order = append(order, n)
	}
	for _, n := range m.order {
		visit(n)
	}
	return order
}

func (m *module) scope() *vm.Scope {
	variables := maps.Clone(m.globals())
	for _, n := range m.order {
		if n.exports == nil {
			continue
		}
		level := variables
		names := strings.Split(n.id, ".")
		for _, name := range names[:len(names)-1] {
			inner, ok := level[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				level[name] = inner
			}
			level = inner
		}
		level[names[len(names)-1]] = n.exports
	}
	return &vm.Scope{Variables: variables}
}

// decode evaluates a body as Alloy does, and reports its first fault.
func (m *module) decode(block *ast.BlockStmt, from ast.Node, into any) bool {
	err := vm.New(from).Evaluate(m.scope(), into)
	if err == nil {
		return true
	}
	at := block.NamePos.Position()
	var many diag.Diagnostics
	if errors.As(err, &many) {
		for _, one := range many {
			if !one.StartPos.Valid() {
				one.StartPos = at
			}
			m.findings = append(m.findings, Finding{one.StartPos, one.Message})
		}
		return false
	}
	m.findings = append(m.findings, Finding{at, err.Error()})
	return false
}

func (m *module) evaluate(n *node) {
	if n.declared != nil {
		m.instantiate(n)
		return
	}
	body := reflect.New(m.catalog.bodyType(n.kind))
	n.exports = m.placeholders(n, reflect.Value{})
	if n.broken || !m.decode(n.block, n.block.Body, body.Interface()) {
		return
	}
	n.exports = m.placeholders(n, body.Elem())
	m.check(n.kind, n.block, n.block.Body, body.Elem())
}

// instantiate judges the inside of a declared component with the arguments of one use of it.
func (m *module) instantiate(n *node) {
	arguments := map[string]any{}
	n.exports = map[string]any{}
	if n.broken || !m.decode(n.block, n.block.Body, &arguments) {
		return
	}
	inner := &module{
		catalog:   m.catalog,
		declared:  maps.Clone(n.declared.known),
		arguments: arguments,
	}
	delete(inner.declared, n.declared.block.Label)
	inner.load(n.declared.block.Body)
	m.findings = append(m.findings, inner.findings...)
	n.exports = inner.exports
}

// placeholders stand for what a component exports once it runs.
func (m *module) placeholders(n *node, body reflect.Value) map[string]any {
	exports := map[string]any{}
	for _, export := range m.catalog.Components[n.block.GetBlockName()].Exports {
		exports[export.Name] = m.placeholder(n, export, body)
	}
	return exports
}

func (m *module) placeholder(n *node, export Field, body reflect.Value) any {
	text := alloytypes.OptionalSecret{IsSecret: strings.Contains(n.block.GetBlockName(), "secret")}
	if body.IsValid() {
		if value, ok := m.value(n.kind, "is_secret", body); ok {
			text.IsSecret = value.Bool()
		}
	}
	switch export.Type {
	case "list(target)":
		return []map[string]string{{"__address__": "localhost:80"}}
	case "string|secret":
		return text
	case "map(string|secret)":
		values := map[string]alloytypes.OptionalSecret{}
		for _, key := range n.keys[export.Name] {
			values[key] = text
		}
		return values
	case "map(secret)":
		values := map[string]alloytypes.Secret{}
		for _, key := range n.keys[export.Name] {
			values[key] = ""
		}
		return values
	}
	return reflect.Zero(m.catalog.attributeType(export.Type, nil)).Interface()
}

// value finds an attribute or block in a decoded body.
func (m *module) value(kind, name string, body reflect.Value) (reflect.Value, bool) {
	for i := range body.NumField() {
		tag, _, _ := strings.Cut(body.Type().Field(i).Tag.Get("alloy"), ",")
		if tag == name {
			return body.Field(i), true
		}
	}
	return reflect.Value{}, false
}
