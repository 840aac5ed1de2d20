package bot_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/story"
)

var update = flag.Bool("update", false, "rewrite the stories with what was really seen; read the difference")

// embedded is the bot as shipped: the pack and the model inside the program.
func embedded(t testing.TB) *bot.Bot {
	t.Helper()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	model, ok, err := intents.EmbeddedModel(pack)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		t.Fatal("intents/model.bin was trained from other texts: run make train")
	}
	pack.Content.City.Privacy = "https://tsunagu.example.jp/privacy"
	return bot.New(pack.Content, model)
}

// TestStories plays every conversation against the core.
func TestStories(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	easy, err := intents.Plain(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	form := func(l bot.Lang, text string) string {
		if l != bot.EasyJa {
			return text
		}
		return easy.ForReader(text)
	}
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d stories (%v), want at least 40", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := story.Parse(file, string(text))
			if err != nil {
				t.Fatal(err)
			}
			core, err := story.NewCore(b, form)
			if err != nil {
				t.Fatal(err)
			}
			got, err := core.Play(want)
			if *update && len(got.Steps) > 0 {
				kept := got
				kept.Steps = append(kept.Steps, want.Steps[len(got.Steps):]...)
				if err := os.WriteFile(file, []byte(kept.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.String(), got.String()); diff != "" && !*update {
				t.Errorf("the conversation went another way (-story +seen):\n%s", diff)
			}
		})
	}
}
