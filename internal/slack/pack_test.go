package slack

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The channels of the tests.
const (
	money  = "C0MONEY"
	elder  = "C0ELDER"
	urgent = "C0URGENT"
)

func pack() *bot.Content {
	name := func(s string) bot.Words { return bot.Words{bot.Ja: s} }
	c := &bot.Content{
		Windows: []bot.Window{
			{ID: "money", Order: 2, Kind: "consultation", Name: name("くらしとしごとの相談"), People: true},
			{ID: "elder", Order: 1, Kind: "consultation", Name: name("高齢者の相談"), People: true},
			{ID: "volunteer", Order: 3, Kind: "participation", Name: name("ボランティアをしたい"), People: true},
			{ID: "suicide", Order: 4, Kind: "emergency", Name: name("いのちの相談"), People: true},
			{ID: "garbage", Order: 5, Kind: "information", Name: name("ごみ・リサイクル")},
		},
		Dangers:       []bot.Danger{{Kind: "suicide", Window: "suicide", Name: "死にたい気持ち"}},
		Opportunities: []bot.Opportunity{{ID: "smile", Name: name("子ども食堂の手伝い")}},
	}
	c.Index()
	return c
}

func channel(window, danger string) string {
	switch {
	case danger != "":
		return urgent
	case window == "elder":
		return elder
	}
	return money
}

var opened = time.Date(2026, 11, 23, 5, 5, 0, 0, time.UTC) // 14:05 in Tokyo

func aCase() desk.Case {
	return desk.Case{
		ID: "c-01KAR7Z9M3QK8W6E5T4R3Y2X1W", Resident: "r-" + strings.Repeat("a", 52), Window: "money",
		Lang: bot.EasyJa, Town: "柏町", Agreed: true, Summary: "おかねが なくて こまっています", Status: desk.New, OpenedAt: opened,
		Gloss: "やさしい日本語で書いています。くらしとしごとの相談のことのようです。", Shown: []string{"money", "elder"},
	}
}

func said(c desk.Case, n int, at time.Time, text string) desk.Entry {
	id := fmt.Sprintf("5550000000000000%02d", n)
	return desk.Entry{ID: "e-" + id, Case: c.ID, At: at, Kind: desk.FromResident, Text: text, MessageID: id}
}

// texts are what residents can send, at its longest and worst.
func texts() map[string]string {
	return map[string]string{
		"empty":       "",
		"spaces":      " \n\t　\n",
		"invisible":   "\u200b\u200d\ufeff\u2060",
		"plain":       "家賃が払えない。どうすれば？",
		"easy":        "おかねが なくて こまっています。たべものも ありません。",
		"english":     strings.Repeat("I lost my job & cannot pay <rent> this month. ", 60),
		"chinese":     strings.Repeat("我付不起房租，", 400),
		"korean":      strings.Repeat("집세를 낼 수 없어요. ", 300),
		"vietnamese":  strings.Repeat("Tôi không trả được tiền nhà. ", 120),
		"rtl":         strings.Repeat("لا أستطيع دفع الإيجار ", 200) + "\u202e evil \u2066",
		"kanji":       strings.Repeat("鬱", 3000),
		"longest":     strings.Repeat("あ", 5000),
		"emoji":       strings.Repeat("👨‍👩‍👧‍👦", 450),
		"channel":     "<!channel> <!here> <!everyone> <@U0TANAKA> <https://evil.example|銀行> *太字* `code`",
		"entities":    strings.Repeat("&lt;!channel&gt; &amp;", 150),
		"angles":      strings.Repeat("<", 5000),
		"ampersands":  strings.Repeat("&", 5000),
		"newlines":    strings.Repeat("\n", 4999) + "a",
		"short lines": strings.Repeat("あ\n", 2500),
		"quotes":      strings.Repeat(">>> ", 1000),
		"backticks":   "```" + strings.Repeat("x```\n", 900),
		"control":     "a\x00b\x07c\x1b[31mred\x7f",
		"bad utf8":    "a\xff\xfe" + strings.Repeat("\xe3\x81", 100),
		"separators":  "一\u2028二\u2029三\r\n四\r五",
	}
}

// plainer and hints stand for what turns staff's words into easy Japanese.
func plainer(l bot.Lang, text string) string {
	if l != bot.EasyJa {
		return text
	}
	return strings.ReplaceAll(text, "申請", "申請（しんせい）")
}

func hints(_ bot.Lang, text string) []string {
	if strings.Contains(text, "申請") {
		return []string{"紙を出してください"}
	}
	return nil
}

func templates() []bot.Template {
	return []bot.Template{
		{ID: "all", Name: "あいさつ", Text: bot.Words{bot.Ja: "ja", bot.EasyJa: "{number} {staff}です 〔日〕"}},
		{ID: "money", Name: "お金", Windows: []string{"money"}, Text: bot.Words{bot.Ja: "お金"}},
	}
}

func packOf(c *bot.Content) func() *bot.Content { return func() *bot.Content { return c } }
