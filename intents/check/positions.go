package check

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// positions are the lines at which the parts of a YAML file stand, by path:
// "name.ja", "contacts[0].value", "[3].number".
type positions map[string]int

// line is where a path stands; for one that is not there, where what contains
// it does.
func (p positions) line(path string) int {
	for {
		if n, ok := p[path]; ok {
			return n
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return min(1, len(p))
		}
		path = path[:i]
	}
}

// join makes the path of a key inside a mapping.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// mapping returns the keys and values of a mapping node.
func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// keyOf is a key as it is written, without quotation marks.
func keyOf(n *ast.MappingValueNode) string {
	if t := n.Key.GetToken(); t != nil {
		return t.Value
	}
	return n.Key.String()
}

// lineOf is where a node begins, 0 when nobody knows.
func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
