package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func called(user string) string { return map[string]string{"U0SATO": "佐藤"}[user] }

// talk is what people write in a thread that must never reach the resident.
func talk() []string {
	return []string{
		"", " ", "了解です", "ありがとうございます！", "> 引用です", "&gt; 引用です", "&gt; &gt; 二重の引用", "&gt;&gt;&gt; 三つは引用",
		">>> ここから全部引用", "＞ 全角ひとつ", "＞＞＞ 全角みっつ", "＞&gt;＞ まぜてみっつ", "これは >> 途中です", "A &gt;&gt; B のほうがよい",
		"-&gt; 次へ", "=&gt; 結果", "→ 次", "›› ちがう記号", "≫ ちがう記号", "» 引用符", "《《 かっこ", "<<", "&lt;&lt; 逆", "< >> まぎらわしい",
		"<@U0SATO> どう思う？", "<@U0SATO> &gt;&gt; これ送って", "<!here> 見て", "<#C0MONEY|money> で話そう", "<https://example.jp/|資料>",
		"```&gt;&gt; コードの中```", "```\n&gt;&gt; コードの中\n```", "`&gt;&gt; 一行コード`", "• &gt;&gt; 箇条書き", "・&gt;&gt; 箇条書き", "1. &gt;&gt; 番号つき",
		"*&gt;&gt; 太字*", "_&gt;&gt; 斜体_", "~&gt;&gt; 取り消し~", ":smile:", ":+1: &gt;&gt; よい", "\\&gt;&gt; 円記号", "「&gt;&gt;」で始めると送れます",
		"cat a.txt &gt;&gt; b.txt", "1 &lt; 2 &gt;&gt; 0", "&gt;&gt;", "&gt;&gt;   ", "&gt;&gt;\n了解", "＞＞", "+1", "👍", "お昼にしよう\n&gt; と言っていた", "&amp;gt;&amp;gt; 文字として",
	}
}

func TestTalkIsNoReply(t *testing.T) {
	t.Parallel()
	if n := len(talk()); n < 50 {
		t.Fatalf("only %d kinds of talk", n)
	}
	for _, text := range talk() {
		if got, _ := reply(plain(text, called)); got != "" {
			t.Errorf("%q would send %q to the resident", text, got)
		}
	}
}

func TestReplyLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		words string
		rest  bool
	}{
		"&gt;&gt; こんにちは":                                                {"こんにちは", false},
		"&gt;&gt;こんにちは":                                                 {"こんにちは", false},
		">> こんにちは":                                                      {"こんにちは", false},
		"＞＞ こんにちは":                                                      {"こんにちは", false},
		"＞&gt; こんにちは":                                                   {"こんにちは", false},
		"　&gt;&gt; 字下げ":                                                 {"字下げ", false},
		"&gt;&gt; 一行目\n&gt;&gt; 二行目":                                    {"一行目\n二行目", false},
		"これでどう？\n&gt;&gt; あした 来てください":                                   {"あした 来てください", true},
		"&gt;&gt; 送る\n送らない":                                             {"送る", true},
		"&gt;&gt; 1 &lt; 2 &amp; 3 &gt; 2":                              {"1 < 2 & 3 > 2", false},
		"&gt;&gt; &amp;lt;b&amp;gt; と書く":                                {"&lt;b&gt; と書く", false},
		"&gt;&gt; <@U0SATO> が行きます":                                      {"佐藤 が行きます", false},
		"&gt;&gt; <#C0X|madoguchi> を見て":                                 {"#madoguchi を見て", false},
		"&gt;&gt; <!here> 来てください":                                       {"来てください", false},
		"&gt;&gt; <https://example.jp/a?b=1&amp;c=2> を見て":               {"https://example.jp/a?b=1&c=2 を見て", false},
		"&gt;&gt; <https://example.jp/|example.jp> を見て":                 {"https://example.jp/ を見て", false},
		"&gt;&gt; <https://example.jp/|地図> を見て":                         {"地図（https://example.jp/） を見て", false},
		"&gt;&gt; <mailto:a@example.jp|a@example.jp> か <tel:0421|0421>": {"a@example.jp か 0421", false},
		"```コード```\n&gt;&gt; コードのあと":                                    {"コードのあと", true},
		"&gt;&gt; <!date^1700000000^{date}|11月14日>":                     {"11月14日", false},
	} {
		words, rest := reply(plain(text, called))
		if words != want.words || rest != want.rest {
			t.Errorf("%q: got %q, rest %v; want %q, rest %v", text, words, rest, want.words, want.rest)
		}
	}
}

// With rich text the formatting is known: it does not reach the resident, and
// quotes, lists and code are never replies.
func TestReplyFromRichText(t *testing.T) {
	t.Parallel()
	section := func(elements string) string {
		return `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[` + elements + `]}]}`
	}
	for name, test := range map[string]struct{ block, want string }{
		"plain":   {section(`{"type":"text","text":">> こんにちは\nまだ中の話\n>> つづき"}`), "こんにちは\nつづき"},
		"bold":    {section(`{"type":"text","text":">> "},{"type":"text","text":"大事","style":{"bold":true}},{"type":"text","text":"です & <よ>"}`), "大事です & <よ>"},
		"emoji":   {section(`{"type":"text","text":">> どうぞ"},{"type":"emoji","name":"wave","unicode":"1f44b-1f3fb"},{"type":"emoji","name":"tachikawa"}`), "どうぞ👋🏻:tachikawa:"},
		"link":    {section(`{"type":"text","text":">> "},{"type":"link","url":"https://example.jp/","text":"地図"}`), "地図（https://example.jp/）"},
		"user":    {section(`{"type":"text","text":">> "},{"type":"user","user_id":"U0SATO"},{"type":"broadcast","range":"here"}`), "佐藤"},
		"quote":   {`{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":">> 前の返事"}]}]}`, ""},
		"code":    {`{"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":[{"type":"text","text":">> x"}]}]}`, ""},
		"list":    {`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":">> x"}]}]}]}`, ""},
		"mixed":   {`{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"一\n>> 二"}]},{"type":"rich_text_section","elements":[{"type":"text","text":">> 三\n"}]}]}`, "三"},
		"inline":  {section(`{"type":"text","text":"こう書きます。\n"},{"type":"text","text":">> こんにちは","style":{"code":true}},{"type":"text","text":"\n>> 本番の "},{"type":"text","text":"A-1","style":{"code":true}}`), "本番の A-1"},
		"not one": {`{"type":"section","text":{"type":"mrkdwn","text":"x"}}`, "下の文"},
	} {
		m := message{Text: "&gt;&gt; 下の文", Blocks: []json.RawMessage{json.RawMessage(test.block)}}
		if got, _ := reply(written(m, called)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestEscapeIsInert(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		text = clean(text)
		e := escape(text)
		if strings.ContainsAny(e, "<>") {
			t.Errorf("%s: markup is left", name)
		}
		if unescape(e) != text {
			t.Errorf("%s: escaping loses words", name)
		}
		if got := plain(e, called); got != text {
			t.Errorf("%s: got %.50q back, want %.50q", name, got, text)
		}
	}
}

func FuzzReply(f *testing.F) {
	for _, text := range talk() {
		f.Add(text)
	}
	f.Add("&gt;&gt; <https://a|b> <@U1> &amp;")
	f.Fuzz(func(t *testing.T, text string) {
		words, _ := reply(plain(text, called))
		if words == "" {
			return
		}
		if !utf8.ValidString(words) {
			t.Errorf("%q is not UTF-8", words)
		}
		if !strings.ContainsAny(unescape(text), ">＞") {
			t.Errorf("%q sends %q without a mark", text, words)
		}
		c := aCase()
		check(t, entry(c, said(c, 1, opened, text), delivery{}, pack()), false)
	})
}

func TestStamp(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000100, 0)
	for ts, want := range map[string]time.Time{
		"1700000000.000100": time.Unix(1700000000, 100_000),
		"1700000200.000000": now, // a clock that is ahead
		"":                  now,
		"x":                 now,
		"-1.000000":         now,
		"0.000000":          now,
	} {
		if got := stamp(ts, now); !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", ts, got, want)
		}
	}
}
