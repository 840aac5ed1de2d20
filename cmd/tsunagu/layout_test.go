package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tsunagu-chat/tsunagu/"

// allowed says which of our packages each folder may import, besides its own
// subfolders. docs/architecture.md draws it.
var allowed = map[string][]string{
	"bot":                       {"bot/faq", "bot/understand", "bot/plain"},
	"bot/faq":                   {"bot/understand"},
	"bot/understand":            {},
	"bot/plain":                 {},
	"intents":                   {"bot", "bot/faq", "bot/understand", "bot/plain"},
	"migrations":                {},
	"internal/mailbox":          {},
	"internal/seal":             {},
	"internal/desk":             {"bot"},
	"internal/lesson":           {"bot", "bot/understand", "internal/mailbox"},
	"internal/insight":          {"bot", "internal/desk"},
	"internal/reception":        {"bot", "internal/desk", "internal/insight", "internal/lesson", "internal/mailbox"},
	"internal/line":             {"bot", "internal/menu", "internal/reception", "internal/mailbox"},
	"internal/slack":            {"bot", "internal/desk", "internal/insight", "internal/lesson", "internal/picture", "internal/reception", "internal/mailbox"},
	"internal/store":            {"bot", "internal/desk", "internal/insight", "internal/lesson", "internal/reception", "internal/mailbox", "internal/seal", "migrations"},
	"internal/disclosure":       {"bot", "internal/desk"},
	"internal/session":          {"internal/seal"},
	"internal/link":             {"internal/seal"},
	"internal/picture":          {},
	"internal/menu":             {"bot"},
	"internal/menu/draw":        {"bot", "intents", "internal/demo/browser", "internal/menu"},
	"internal/mail":             {"bot", "internal/reception", "internal/mailbox"},
	"internal/assist":           {},
	"internal/web":              {},
	"internal/standin/lineapi":  {},
	"internal/standin/slackapi": {},
	"internal/standin/smtp":     {},
	"internal/demo":             {"bot", "bot/understand", "internal/standin/lineapi", "internal/standin/slackapi"},
	"internal/story":            {"bot", "bot/understand", "internal/desk", "internal/lesson", "internal/reception", "internal/mailbox"},
}

// TestImports keeps the direction: bot ← rules ← edges ← cmd.
func TestImports(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "tools" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if strings.HasPrefix(rel, "cmd/") {
			return nil
		}
		home := rel
		for home != "." && allowed[home] == nil {
			home = filepath.ToSlash(filepath.Dir(home))
		}
		if home == "." {
			t.Errorf("%s: this folder is not in the table of who may import whom", rel)
			return nil
		}
		seen[home] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			ours, ok := strings.CutPrefix(name, module)
			if !ok || ours == home || strings.HasPrefix(ours, home+"/") {
				continue
			}
			if !slices.Contains(allowed[home], ours) {
				t.Errorf("%s imports %s: not allowed from %s", rel, ours, home)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for home := range allowed {
		if !seen[home] && home != "bot/plain" {
			t.Errorf("%s stands in the table and not on the disk", home)
		}
	}
}

// TestSDKTypesStayAtTheirEdge keeps LINE's and Slack's types, and SQL, where
// they belong.
func TestSDKTypesStayAtTheirEdge(t *testing.T) {
	t.Parallel()
	homes := map[string]string{
		"github.com/line/line-bot-sdk-go": "internal/line",
		"github.com/slack-go/slack":       "internal/slack",
		"github.com/redis/go-redis":       "internal/session",
		"github.com/jackc/pgx":            "internal/store",
		"modernc.org/sqlite":              "internal/store",
	}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		for sdk, home := range homes {
			if strings.Contains(string(b), `"`+sdk) && !strings.HasPrefix(filepath.ToSlash(rel), home) && !strings.HasPrefix(filepath.ToSlash(rel), "migrations") {
				t.Errorf("%s imports %s; only %s may", rel, sdk, home)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReadmeMap checks that every folder the README's map names is on the disk.
func TestReadmeMap(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "<!-- map -->")
	if !ok {
		t.Fatal("README.md has no map (a line <!-- map --> before it)")
	}
	plan, _, _ := strings.Cut(rest, "<!-- /map -->")
	names := regexp.MustCompile("`([a-z./_-]+)/?`").FindAllStringSubmatch(plan, -1)
	if len(names) < 15 {
		t.Fatalf("the map names %d folders, want at least 15", len(names))
	}
	for _, n := range names {
		if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(n[1]))); err != nil {
			t.Errorf("the map names %s: %v", n[1], err)
		}
	}
}
