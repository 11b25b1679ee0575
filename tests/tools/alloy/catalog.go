package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/grafana/alloy/syntax/alloytypes"
)

//go:embed catalog.json
var catalogJSON []byte

// Catalog is what Alloy 1.10.1 knows: its components, configuration blocks and functions.
type Catalog struct {
	Functions  map[string][]string  `json:"functions"`
	Components map[string]Component `json:"components"`
	Blocks     map[string]string    `json:"blocks"`
	Types      map[string]Type      `json:"types"`

	built map[string]reflect.Type
}

// Component is one kind of component.
type Component struct {
	Stability string  `json:"stability"`
	Community bool    `json:"community"`
	Arguments string  `json:"arguments"`
	Exports   []Field `json:"exports"`
}

// Type lists the attributes and blocks that a body may hold.
type Type struct {
	Fields []Field `json:"fields"`
}

// Field is one attribute, block, or block label.
type Field struct {
	Name     string          `json:"name"`
	Kind     string          `json:"kind"`
	Type     string          `json:"type"`
	Required bool            `json:"required"`
	Repeated bool            `json:"repeated"`
	Default  json.RawMessage `json:"default"`
}

func loadCatalog() (*Catalog, error) {
	catalog := &Catalog{built: map[string]reflect.Type{}}
	if err := json.Unmarshal(catalogJSON, catalog); err != nil {
		return nil, fmt.Errorf("catalog.json: %w", err)
	}
	return catalog, nil
}

func (c *Catalog) field(typeName, name string) (Field, bool) {
	for _, field := range c.Types[typeName].Fields {
		if field.Name == name {
			return field, true
		}
	}
	return Field{}, false
}

// maxNesting bounds types that contain themselves (stage.match holds stages).
const maxNesting = 6

// bodyType makes the Go struct into which Alloy's own evaluator decodes a body of the named type,
// so that what is accepted, converted and refused is decided by that evaluator.
func (c *Catalog) bodyType(name string) reflect.Type {
	return c.nestedType(name, nil)
}

func (c *Catalog) nestedType(name string, above []string) reflect.Type {
	nested := 0
	for _, other := range above {
		if other == name {
			nested++
		}
	}
	key := fmt.Sprintf("%s %d", name, nested)
	if known, ok := c.built[key]; ok {
		return known
	}
	above = append(above, name)

	var fields, members []reflect.StructField
	members = nil
	enum := ""
	for _, field := range c.Types[name].Fields {
		if field.Kind == "attr" || field.Kind == "label" {
			fields = append(fields, structField(len(fields), field, c.attributeType(field.Type, above)))
			continue
		}
		if nested+1 >= maxNesting && field.Type == name {
			continue
		}
		body := c.nestedType(field.Type, above)
		if field.Kind == "enum-block" {
			prefix, rest, _ := strings.Cut(field.Name, ".")
			enum = prefix
			members = append(members, reflect.StructField{
				Name: fmt.Sprintf("F%d", len(members)),
				Type: reflect.PointerTo(body),
				Tag:  reflect.StructTag(fmt.Sprintf(`alloy:"%s,block,optional"`, rest)),
			})
			continue
		}
		if field.Repeated {
			body = reflect.SliceOf(body)
		}
		fields = append(fields, structField(len(fields), field, body))
	}
	if enum != "" {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("F%d", len(fields)),
			Type: reflect.SliceOf(reflect.StructOf(members)),
			Tag:  reflect.StructTag(fmt.Sprintf(`alloy:"%s,enum,optional"`, enum)),
		})
	}
	built := reflect.StructOf(fields)
	c.built[key] = built
	return built
}

func structField(index int, field Field, typ reflect.Type) reflect.StructField {
	tag := field.Name + "," + field.Kind
	if field.Kind == "label" {
		tag = ",label"
	} else if !field.Required {
		tag += ",optional"
	}
	return reflect.StructField{
		Name: fmt.Sprintf("F%d", index),
		Type: typ,
		Tag:  reflect.StructTag(fmt.Sprintf(`alloy:"%s"`, tag)),
	}
}

// attributeType makes the Go type of an attribute from its name in the catalog.
func (c *Catalog) attributeType(name string, above []string) reflect.Type {
	if outer, inner, found := strings.Cut(name, "("); found {
		inner = strings.TrimSuffix(inner, ")")
		switch outer {
		case "list":
			return reflect.SliceOf(c.attributeType(inner, above))
		case "map":
			return reflect.MapOf(reflect.TypeFor[string](), c.attributeType(inner, above))
		case "object":
			return c.nestedType(inner, above)
		case "text":
			if known, ok := textTypes[inner]; ok {
				return known
			}
			return reflect.TypeFor[string]()
		case "capsule":
			if known, ok := capsuleTypes[inner]; ok {
				return known
			}
		}
	}
	switch name {
	case "string":
		return reflect.TypeFor[string]()
	case "bool":
		return reflect.TypeFor[bool]()
	case "duration":
		return reflect.TypeFor[time.Duration]()
	case "int":
		return reflect.TypeFor[int64]()
	case "uint":
		return reflect.TypeFor[uint64]()
	case "number":
		return reflect.TypeFor[float64]()
	case "secret":
		return reflect.TypeFor[alloytypes.Secret]()
	case "string|secret":
		return reflect.TypeFor[alloytypes.OptionalSecret]()
	case "target":
		return reflect.TypeFor[Target]()
	case "any":
		return reflect.TypeFor[any]()
	}
	panic(fmt.Sprintf("catalog.json: unknown type %q", name))
}
