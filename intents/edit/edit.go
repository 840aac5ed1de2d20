// Package edit changes single values of a YAML text and leaves every other
// byte as it is: comments, quotation marks, blank lines, the order of keys.
//
// It reads the plain YAML a content pack is written in (block and flow
// collections, plain and quoted scalars of one line, literal blocks) and knows
// for each value the bytes it stands on. What it reads is compared with what
// the YAML library reads: a text with anything else in it is refused with its
// line, never changed by guess.
package edit

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Form is what a value is.
type Form int

// The forms.
const (
	Scalar Form = iota
	List
	Table
)

// Node is one value of a text. Its offsets are bytes.
type Node struct {
	Form    Form
	Text    string  // of a scalar, decoded
	Keys    []Entry // of a table, in order
	Items   []*Node // of a list
	Flow    bool    // written in brackets
	start   int     // of the value itself; a block collection begins at its first key or dash
	end     int     // behind the value
	from    int     // where the item or key that holds it begins (key's first byte, dash)
	style   byte    // of a scalar: 0 plain, ' " or |
	missing bool    // nothing is written: "key:"
	indent  int     // of a block collection: columns before its keys or dashes
}

// Entry is one key of a table.
type Entry struct {
	Key   string
	Value *Node
}

// Get returns the value under a key, nil when there is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, e := range n.Keys {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// Find goes down keys, nil when one of them is not there.
func (n *Node) Find(keys ...string) *Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

// Doc is a text and what stands in it.
type Doc struct {
	Text string
	Root *Node // nil when the text holds nothing but comments
}

// SyntaxError says that a text holds YAML that cannot be edited here.
type SyntaxError struct {
	Line int // from 1
	Text string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Parse reads a text.
func Parse(text string) (doc *Doc, err error) {
	s := &scanner{text: text}
	defer func() {
		if r := recover(); r != nil {
			bad, ok := r.(*SyntaxError)
			if !ok {
				panic(r)
			}
			doc, err = nil, bad
		}
	}()
	s.cut()
	d := &Doc{Text: text}
	if s.skip(); s.at < len(s.lines) {
		d.Root = s.block(s.lines[s.at].indent)
		if s.skip(); s.at < len(s.lines) {
			s.fail(s.lines[s.at].from, "this line belongs to nothing above it")
		}
	}
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, fmt.Errorf("read the YAML: %w", err)
	}
	if len(file.Docs) > 1 {
		return nil, &SyntaxError{1, "several documents in one file"}
	}
	var body ast.Node
	if len(file.Docs) == 1 {
		body = file.Docs[0].Body
	}
	if err := s.same(d.Root, body); err != nil {
		return nil, err
	}
	return d, nil
}

// Line is the line, from 1, on which a value begins.
func (d *Doc) Line(n *Node) int { return 1 + strings.Count(d.Text[:n.from], "\n") }

// same compares what was read here with what the YAML library read.
func (s *scanner) same(n *Node, a ast.Node) error {
	differs := func() error {
		at := 0
		if n != nil {
			at = n.start
		}
		return &SyntaxError{s.line(at), "this way of writing YAML cannot be edited here; write it as the other files are written"}
	}
	switch a := a.(type) {
	case nil:
		if n != nil {
			return differs()
		}
	case *ast.CommentGroupNode:
		if n != nil {
			return differs()
		}
	case *ast.MappingNode:
		if n == nil || n.Form != Table || len(n.Keys) != len(a.Values) {
			return differs()
		}
		for i, v := range a.Values {
			if t := v.Key.GetToken(); t == nil || t.Value != n.Keys[i].Key {
				return differs()
			}
			if err := s.same(n.Keys[i].Value, v.Value); err != nil {
				return err
			}
		}
	case *ast.MappingValueNode:
		if n == nil || n.Form != Table || len(n.Keys) != 1 || a.Key.GetToken().Value != n.Keys[0].Key {
			return differs()
		}
		return s.same(n.Keys[0].Value, a.Value)
	case *ast.SequenceNode:
		if n == nil || n.Form != List || len(n.Items) != len(a.Values) {
			return differs()
		}
		for i, v := range a.Values {
			if err := s.same(n.Items[i], v); err != nil {
				return err
			}
		}
	case *ast.LiteralNode:
		if n == nil || n.Form != Scalar || n.style != '|' || n.Text != a.Value.Value {
			return differs()
		}
	case *ast.NullNode:
		if n == nil || n.Form != Scalar || n.style != 0 || !n.missing && n.Text != "null" && n.Text != "~" {
			return differs()
		}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return differs()
	default:
		if n == nil || n.Form != Scalar || a.GetToken() == nil || n.Text != a.GetToken().Value {
			return differs()
		}
	}
	return nil
}
