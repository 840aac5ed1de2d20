package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// TestRepliesAreFilled reads this package's own code: every sentence it says
// stands in the pack, and whatever a sentence leaves open is filled, in every
// language. The content check relies on it: it holds other packs to the
// shipped one.
func TestRepliesAreFilled(t *testing.T) {
	t.Parallel()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err, problems)
	}
	files, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0) //nolint:staticcheck // one package, no build tags
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	open := regexp.MustCompile(`\{([a-z]+)\}`)
	ast.Inspect(files["bot"], func(n ast.Node) bool {
		key, filled, ok := sentence(n)
		if !ok {
			return true
		}
		said++
		for _, l := range bot.Langs {
			s := pack.Content.Replies[l][key]
			if s == "" && (l == bot.Ja || !strings.HasPrefix(key, "gloss.")) {
				t.Errorf("%s: the code says %s, and the pack has no such reply", l, key)
			}
			for _, m := range open.FindAllStringSubmatch(s, -1) {
				if filled != nil && !slices.Contains(filled, m[1]) {
					t.Errorf("%s: %s leaves {%s} open, and the code fills %v", l, key, m[1], filled)
				}
			}
		}
		return true
	})
	if said < 120 {
		t.Errorf("found %d sentences in the code, want at least 120", said)
	}
}

// sentence reads t.say("key", "name", value …) and its like. filled is nil
// when what is filled cannot be seen from the call.
func sentence(n ast.Node) (key string, filled []string, ok bool) {
	call, isCall := n.(*ast.CallExpr)
	if !isCall {
		return "", nil, false
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	args := call.Args
	switch name {
	case "say", "reply":
	case "choice":
		args = args[:min(1, len(args))]
	case "Reply":
		args = args[min(1, len(args)):]
	default:
		return "", nil, false
	}
	if len(args) == 0 {
		return "", nil, false
	}
	if key, ok = text(args[0]); !ok {
		return "", nil, false
	}
	if call.Ellipsis.IsValid() {
		return key, nil, true
	}
	filled = []string{}
	for i := 1; i < len(args); i += 2 {
		if s, ok := text(args[i]); ok {
			filled = append(filled, s)
		}
	}
	return key, filled, true
}

func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
