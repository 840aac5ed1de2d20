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

// TestSan: さん stands once behind a person's name, and not behind a section's.
func TestSan(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"田中":          "田中さん",
		"田中さん":        "田中さん",
		"田中 花子":       "田中 花子さん",
		"服部":          "服部さん",
		"田所":          "田所さん",
		"tanaka":      "tanakaさん",
		"Tanaka-san":  "Tanaka-san",
		"総合相談係":       "総合相談係",
		"佐藤係長":        "佐藤係長",
		"職員":          "職員",
		"地域あんしんセンター":  "地域あんしんセンター",
		"田中（総合相談係）":   "田中さん（総合相談係）",
		"田中さん（総合相談係）": "田中さん（総合相談係）",
		"鈴木 (すずき)":    "鈴木さん(すずき)",
		"総合相談係（田中）":   "総合相談係（田中）",
		"（田中）":        "（田中）さん",
		"田中（住まい）がんばります": "田中（住まい）がんばりますさん",
		"  ": nobody,
	} {
		if got := san(name); got != want {
			t.Errorf("san(%q) = %q, want %q", name, got, want)
		}
	}
}
