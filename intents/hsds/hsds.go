// Package hsds writes the windows of a content pack in the Open Referral Human
// Services Data Specification 3 (https://docs.openreferral.org/), so that
// other directories can read them. Only what somebody has verified is in it:
// a fact with a day on which it was checked, an office's sentence with a day
// on which its team read it.
package hsds

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
)

// Version is the release of the specification the fields are taken from.
const Version = "3.1"

// Row is one record. A field that is not there is not known.
type Row map[string]any

// Table is one kind of record.
type Table struct {
	Name   string // service
	File   string // services.csv
	Fields []Field
	Rows   []Row
}

// Field is one column of a table.
type Field struct {
	Name     string
	Type     string // of Table Schema: string, number, date
	Required bool
	Of       string // the table whose id it holds
}

// Package are the tables of one directory, in the specification's order.
type Package struct{ Tables []*Table }

// Table returns a table by its name.
func (p *Package) Table(name string) *Table {
	for _, t := range p.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

func id() Field                { return Field{Name: "id", Type: "string", Required: true} }
func must(name string) Field   { return Field{Name: name, Type: "string", Required: true} }
func words(name string) Field  { return Field{Name: name, Type: "string"} }
func number(name string) Field { return Field{Name: name, Type: "number"} }
func day(name string) Field    { return Field{Name: name, Type: "date"} }
func link(table string) Field  { return Field{Name: table + "_id", Type: "string", Of: table} }
func bound(table string) Field {
	return Field{Name: table + "_id", Type: "string", Of: table, Required: true}
}

// tables are the tables and the fields that are used of them.
func tables() []*Table {
	return []*Table{
		{Name: "organization", File: "organizations.csv", Fields: []Field{id(), must("name"), must("description")}},
		{Name: "service", File: "services.csv", Fields: []Field{id(), bound("organization"), must("name"), words("description"), words("url"), words("email"), must("status"), words("application_process"), words("fees_description"), day("assured_date")}},
		{Name: "service_at_location", File: "service_at_location.csv", Fields: []Field{id(), bound("service"), bound("location"), words("description")}},
		{Name: "location", File: "locations.csv", Fields: []Field{id(), must("location_type"), link("organization"), words("name"), words("description"), words("transportation"), number("latitude"), number("longitude")}},
		{Name: "phone", File: "phones.csv", Fields: []Field{id(), link("service"), must("number"), words("type"), words("description")}},
		{Name: "schedule", File: "schedules.csv", Fields: []Field{id(), link("service"), link("service_at_location"), day("valid_from"), day("valid_to"), day("dtstart"), number("timezone"), number("count"), words("freq"), number("interval"), words("byday"), words("description"), words("opens_at"), words("closes_at")}},
		{Name: "service_area", File: "service_areas.csv", Fields: []Field{id(), link("service"), words("name")}},
		{Name: "required_document", File: "required_documents.csv", Fields: []Field{id(), link("service"), words("document")}},
		{Name: "language", File: "languages.csv", Fields: []Field{id(), link("service"), words("name"), words("code"), words("note")}},
		{Name: "accessibility", File: "accessibility.csv", Fields: []Field{id(), link("location"), words("description")}},
	}
}

// JSON is the package as one object, an array for each table.
func (p *Package) JSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{")
	for i, t := range p.Tables {
		rows := t.Rows
		if rows == nil {
			rows = []Row{}
		}
		text, err := json.MarshalIndent(rows, "  ", "  ")
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", t.Name, err)
		}
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  %q: %s", t.Name, text)
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// Files are the package as a tabular data package: a CSV file for each table,
// and datapackage.json that describes them.
func (p *Package) Files() (map[string][]byte, error) {
	out := map[string][]byte{}
	var resources []any
	for _, t := range p.Tables {
		text, err := t.csv()
		if err != nil {
			return nil, err
		}
		out[t.File] = text
		resources = append(resources, t.describe())
	}
	text, err := json.MarshalIndent(map[string]any{
		"name": "hsds", "profile": "tabular-data-package", "version": Version, "resources": resources,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode datapackage.json: %w", err)
	}
	out["datapackage.json"] = append(text, '\n')
	return out, nil
}

func (t *Table) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		head[i] = f.Name
	}
	rows := [][]string{head}
	for _, r := range t.Rows {
		cells := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			switch v := r[f.Name].(type) {
			case string:
				cells[i] = v
			case float64:
				cells[i] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
		rows = append(rows, cells)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write %s: %w", t.File, err)
	}
	return b.Bytes(), nil
}

// describe is the table as a resource of a data package.
func (t *Table) describe() map[string]any {
	var fields, keys []any
	for _, f := range t.Fields {
		field := map[string]any{"name": f.Name, "type": f.Type}
		constraints := map[string]any{}
		if f.Required {
			constraints["required"] = true
		}
		if f.Name == "id" {
			constraints["unique"] = true
		}
		if len(constraints) > 0 {
			field["constraints"] = constraints
		}
		fields = append(fields, field)
		if f.Of != "" {
			keys = append(keys, map[string]any{"fields": f.Name, "reference": map[string]any{"resource": f.Of, "fields": "id"}})
		}
	}
	schema := map[string]any{"fields": fields, "primaryKey": "id"}
	if len(keys) > 0 {
		schema["foreignKeys"] = keys
	}
	return map[string]any{"name": t.Name, "path": t.File, "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema}
}
