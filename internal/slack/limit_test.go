package slack

import (
	"strings"
	"testing"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func limitedPack() *bot.Content {
	content := *pack()
	content.Limits.Who = []bot.Untold{{ID: "family", Name: bot.Words{bot.Ja: "家族"}}}
	content.Index()
	return &content
}

// TestCardSaysWhomNotToTell: above the buttons, in the resident's words.
func TestCardSaysWhomNotToTell(t *testing.T) {
	t.Parallel()
	c := aCase()
	c.Limits = []bot.Limit{{Who: "family", Words: "兄には言わないで"}, {Words: "佐々木さんには <!here> 言わないで"}}
	shown := check(t, card(c, nil, limitedPack(), false, ""), false)
	for _, want := range []string{"🤐 *言わないでほしい*", "・家族　「兄には言わないで」", "佐々木さんには"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing in\n%s", want, shown)
		}
	}
	if strings.Index(shown, "言わないでほしい") > strings.Index(shown, "返信") {
		t.Errorf("it stands below the buttons:\n%s", shown)
	}
}

// TestFormsSayWhomNotToTell: those that lead to telling somebody, no others.
func TestFormsSayWhomNotToTell(t *testing.T) {
	t.Parallel()
	p, c := limitedPack(), aCase()
	c.Limits = []bot.Limit{{Who: "family", Words: "兄には言わないで"}}
	a := aboutCase(c)
	for name, x := range map[string]struct {
		view sdk.ModalViewRequest
		says bool
	}{
		"move":    {moveModal(a, p), true},
		"invite":  {inviteModal(a, p), true},
		"consent": {consentModal(a), true},
		"close":   {closeModal(a), false},
		"memo":    {memoModal(a, c), false},
	} {
		view := withLimits(x.view, c, p)
		text := check(t, post{text: "form", blocks: view.Blocks.BlockSet}, false)
		if got := strings.Contains(text, "兄には言わないで"); got != x.says {
			t.Errorf("%s says it: got %v, want %v", name, got, x.says)
		}
	}
}

// TestLimitedWindowsPointerHasNoWords: it learns that it is asked, and why it
// sees nothing.
func TestLimitedWindowsPointerHasNoWords(t *testing.T) {
	t.Parallel()
	c := aCase()
	c.Summary = "母に言えないこと"
	c.Team = []desk.Member{{Window: "elder"}}
	to := way{link: "https://slack.com/archives/C0/p1"}
	if shown := check(t, pointer(c, "elder", pack(), to, false), false); !strings.Contains(shown, c.Summary) {
		t.Fatalf("without a limit the words are missing:\n%s", shown)
	}
	c.Limits = []bot.Limit{{Who: "x", Windows: []string{"elder"}}}
	shown := check(t, pointer(c, "elder", pack(), to, false), false)
	if strings.Contains(shown, c.Summary) || strings.Contains(shown, to.link) || !strings.Contains(shown, "言わないでほしいと言っています") {
		t.Errorf("the pointer says\n%s", shown)
	}
}
