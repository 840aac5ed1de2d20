package slack

import (
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestShownName reads what the bot showed as staff know it, not as an id.
func TestShownName(t *testing.T) {
	t.Parallel()
	c := pack()
	c.Plan.Initiatives = []bot.Initiative{{ID: "S15", Official: "地域福祉アンテナショップの数の拡大"}}
	c.Index()
	for id, want := range map[string]string{
		"elder":          "高齢者の相談",
		"smile":          "子ども食堂の手伝い",
		"role:smile":     "子ども食堂の手伝い",
		"initiative:S15": "地域福祉アンテナショップの数の拡大",
		"initiative:S99": "initiative:S99",
	} {
		if got := shownName(c, id); got != want {
			t.Errorf("shownName(%q) = %q, want %q", id, got, want)
		}
	}
}
