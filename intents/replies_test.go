package intents_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

var hole = regexp.MustCompile(`\{[a-z]+\}`)

// holes are a text's placeholders, each once.
func holes(s string) []string {
	h := hole.FindAllString(s, -1)
	slices.Sort(h)
	return slices.Compact(h)
}

// TestEverySentenceInSixLanguages: what one language says, each says, with the
// same placeholders as far as they carry a fact.
func TestEverySentenceInSixLanguages(t *testing.T) {
	t.Parallel()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	desk := regexp.MustCompile(`^(offer|consent|plan|closed|rate|quiet|file|people|status|choice\.(offer|consent|plan|rate|step|revoke|read|hide))`)
	for key, ja := range pack.Content.Replies[bot.Ja] {
		if !desk.MatchString(key) {
			continue
		}
		for _, l := range bot.Langs {
			text, ok := pack.Content.Replies[l][key]
			if !ok || text == "" {
				t.Errorf("%s has no %s", l, key)
				continue
			}
			if want := holes(ja); key != "plan.step.by" && !slices.Equal(holes(text), want) { // months have names, or numbers
				t.Errorf("%s of %s has placeholders %v, want %v", key, l, holes(text), want)
			}
			if n := len([]rune(text)); len(key) > 7 && key[:7] == "choice." && len(holes(text)) == 0 && n > 20 {
				t.Errorf("%s of %s has %d characters; LINE shows 20", key, l, n)
			}
		}
	}
	if len(pack.Content.Templates) < 5 {
		t.Errorf("got %d templates, want at least 5", len(pack.Content.Templates))
	}
	for _, x := range pack.Content.Templates {
		for _, l := range bot.Langs {
			if x.Text[l] == "" || !slices.Equal(holes(x.Text[l]), holes(x.Text[bot.Ja])) {
				t.Errorf("template %s in %s: %q", x.ID, l, x.Text[l])
			}
		}
		for _, w := range x.Windows {
			if pack.Content.Window(w) == nil {
				t.Errorf("template %s is for %s, which is no window", x.ID, w)
			}
		}
	}
}
