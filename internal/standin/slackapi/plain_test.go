package slackapi

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	opt := func(s string) *slack.OptionBlockObject { return slack.NewOptionBlockObject(s, plainText(s), nil) }
	ts := post(t, api, desk, text("x"), slack.MsgOptionBlocks(
		slack.NewHeaderBlock(plainText("くらしのお金")),
		slack.NewSectionBlock(markdown("家賃が *払えない*\n<@U0SATO> さんへ <https://example.jp|手引き> <#C0TOWN>"), []*slack.TextBlockObject{markdown("*ことば*\nやさしい日本語"), markdown("町 &amp; 区")}, slack.NewAccessory(button("くわしく", "more", ""))),
		slack.NewDividerBlock(),
		slack.NewContextBlock("", markdown("9:30 から"), slack.NewImageBlockElement("https://example.jp/a.png", "地図")),
		slack.NewActionBlock("", button("担当する", "claim", ""), slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("窓口"), "w", opt("給付")), slack.NewOverflowBlockElement("o", opt("閉じる"), opt("印刷"))),
		slack.NewImageBlock("https://example.jp/a.png", "写真", "", nil),
		slack.NewMarkdownBlock("", "**太字**"),
		slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("こんにちは ", nil), slack.NewRichTextSectionUserElement(suzuki, nil)),
			slack.NewRichTextList(slack.RTEListOrdered, 0, slack.NewRichTextSection(slack.NewRichTextSectionTextElement("一", nil)), slack.NewRichTextSection(slack.NewRichTextSectionTextElement("二", nil)))),
	))
	m, _ := w.Message(desk, ts)
	want := strings.Join([]string{
		"■ くらしのお金",
		"家賃が *払えない*",
		"@佐藤 さんへ 手引き (https://example.jp) #まち",
		"・*ことば* やさしい日本語",
		"・町 & 区",
		"[くわしく]",
		"――――",
		"9:30 から [画像: 地図]",
		"[担当する] [窓口▾] [⋯ 閉じる / 印刷]",
		"[画像: 写真]",
		"**太字**",
		"こんにちは @鈴木",
		"1. 一",
		"2. 二",
	}, "\n")
	if got := w.Plain(m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := Buttons(m); len(got) != 2 || got[0].Text != "くわしく" || got[1].ActionID != "claim" {
		t.Errorf("buttons: got %+v", got)
	}
}

func TestPlainView(t *testing.T) {
	t.Parallel()
	w, _, _ := openModal(t, func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet,
			slack.NewSectionBlock(plainText("見本"), nil, slack.NewAccessory(button("直す", "edit", ""))),
			slack.NewInputBlock("who", plainText("だれ"), nil, slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, nil, "u")).WithOptional(true),
			slack.NewInputBlock("rich", plainText("文"), nil, slack.NewRichTextInputBlockElement(nil, "r")).WithOptional(true))
	})
	if err := w.Fill(short(t), sato, map[string]any{"when": "2026-12-01", "だれ": []string{"佐藤", "鈴木"}, "rich": "あ @所長"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Submit(short(t), sato); err == nil {
		t.Fatal("an empty required input was accepted")
	}
	v, _ := w.Modal(sato)
	want := strings.Join([]string{
		"《返信》", "返信: [書いてください]", "⚠ この必須フィールドに入力してください", "いつ: [2026-12-01▾]",
		"見本", "[直す]", "だれ: [@佐藤、@鈴木▾]", "文: [あ @所長]", "[送る] [やめる]",
	}, "\n")
	if got := w.PlainView(v); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := ViewButtons(v); len(got) != 1 || got[0].Text != "直す" {
		t.Errorf("buttons: got %+v", got)
	}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	for typed, want := range map[string]string{
		"a & b < c > d":                    "a &amp; b &lt; c &gt; d",
		"&amp;":                            "&amp;amp;",
		"@佐藤さん、お願い":                        "<@U0SATO>さん、お願い",
		"mail a@sato.jp":                   "mail a@sato.jp",
		"@だれか":                             "@だれか",
		"@channel 至急":                      "<!channel> 至急",
		"<!channel>":                       "&lt;!channel&gt;",
		"<@U0SATO> と <@U404>":              "<@U0SATO> と &lt;@U404&gt;",
		"#まち へ":                            "<#C0TOWN|まち> へ",
		"見て https://example.jp/?a=1&b=2 ね": "見て <https://example.jp/?a=1&amp;b=2> ね",
		">> 返信です":                          "&gt;&gt; 返信です",
	} {
		w.mu.Lock()
		got, _ := w.compose(typed)
		w.mu.Unlock()
		if got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestEscapeBare(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"a & b":                       "a &amp; b",
		"a &amp; b":                   "a &amp; b",
		"<@U1> <#C1|x> <!here>":       "<@U1> <#C1|x> <!here>",
		"<https://example.jp/?a&b|x>": "<https://example.jp/?a&b|x>",
		"<b>x</b>":                    "&lt;b&gt;x&lt;/b&gt;",
		"> 引用\n>> 二重\na > b":          "> 引用\n>> 二重\na &gt; b",
		"<":                           "&lt;",
		"<!date^1^{date}|きょう>":        "<!date^1^{date}|きょう>",
	} {
		if got := escapeBare(sent); got != want {
			t.Errorf("%q: got %q, want %q", sent, got, want)
		}
	}
}
