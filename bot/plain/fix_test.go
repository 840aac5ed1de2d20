package plain

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFix(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, c := range []struct{ text, want string }{
		{"電話は ０４２です。", "電話（でんわ）は 042です。"},
		{"ＴＥＬ：０４２－５２９－８３００", "電話（でんわ）：042-529-8300"},
		{"TELは042-000-0000です。", "電話（でんわ）は 042-000-0000です。"},
		{"うけつけは 13:00〜16:30です。", "うけつけは 午後（ごご）1時（じ）から 午後（ごご）4時（じ）30分（ぷん）まで です。"},
		{"9:00-17:00", "午前（ごぜん）9時（じ）から 午後（ごご）5時（じ）まで"},
		{"9時〜17時まで", "午前（ごぜん）9時（じ）から 午後（ごご）5時（じ）まで"},
		{"午後1:30に", "午後（ごご）1時（じ）30分（ぷん）に"},
		{"12:00に", "昼（ひる）の 12時（じ）に"},
		{"15時に", "午後（ごご）3時（じ）に"},
		{"8時半〜10時", "8時半（じはん）〜10時（じ）"}, // morning or evening: not said
		{"9時に", "9時（じ）に"},
		{"24時間", "24時間（じかん）"},
		{"25:00に", "25:00に"},
		{"令和8年", "2026年（ねん）"},
		{"令和元年", "2019年（ねん）"},
		{"平成7年", "1995年（ねん）"},
		{"R8.5.1まで", "2026年（ねん）5月（がつ）1日（ついたち）まで"},
		{"2026/5/20", "2026年（ねん）5月（がつ）20日（はつか）"},
		{"5/1(金)", "5月（がつ）1日（ついたち）(金（きん）)"},
		{"1/2", "1/2"}, // a half, or a day
		{"2026/13/45", "2026/13/45"},
		{"5月1日〜5月3日です", "5月（がつ）1日（ついたち）から 5月（がつ）3日（みっか）まで です"},
		{"月〜金", "月曜日（げつようび）から 金曜日（きんようび）まで"},
		{"申請書を提出してください。", "申（もう）し込（こ）む 紙（かみ）を 出（だ）して ください。"},
		{"申請（しんせい）した 人", "申（もう）し込（こ）んだ 人（ひと）"},
		{"確認します。", "たしかめます。"},
		{"返済しない", "お金（かね）を かえさない"},
		{"提出しました", "出（だ）しました"},
		{"受診したら", "病院（びょういん）に 行（い）ったら"},
		{"申請できます", "申（もう）し込（こ）む ことが できます"},
		{"速やかに避難してください。", "はやく にげて ください。"},
		{"ご記入ください。", "書（か）いて ください。"},
		{"ご連絡ください。", "連絡（れんらく）して ください。"},
		{"お待ちください。", "お待（ま）ちください。"},
		{"名前および住所", "名前（なまえ）と 住所（じゅうしょ）"},
		{"ただし、雨の日は休みです。", "でも、雨（あめ）の 日（ひ）は 休（やす）みです。"},
		{"待ってください…", "待（ま）って ください。"},
		{"生活福祉資金", "生活福祉資金（せいかつふくししきん）"}, // a name stays
		{"「申請」と 書いて ください", "「申請（しんせい）」と 書（か）いて ください"},
		{"避難所（にげる ところ）", "避難所（ひなんじょ）（にげる ところ）"},
		{"辛いです。", "辛いです。"},
		{"https://example.jp/13:00/R8.5.1", "https://example.jp/13:00/R8.5.1"},
		{"", ""},
	} {
		got := p.Fix(c.text)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
		if again := p.Fix(got); again != got {
			t.Errorf("%s: mended twice: got %s, want %s", c.text, again, got)
		}
	}
}

func TestForReader(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, c := range []struct{ text, want string }{
		{"困っていることを話してください。", "困（こま）って いる ことを 話（はな）して ください。"},
		{"明日の午前10時に市役所の2階へ来てください。", "明日（あした）の 午前（ごぜん）10時（じ）に 市役所（しやくしょ）の 2階（かい）へ 来（き）て ください。"},
		{"書き方がわからないときは、電話で聞いてください", "書（か）き方（かた）が わからない ときは、電話（でんわ）で 聞（き）いて ください"},
		{"六十五歳以上の人です", "六十五歳以上（ろくじゅうごさいいじょう）の 人（ひと）です"},
		{"今日（きょう）行きます", "今日（きょう） 行（い）きます"},
		{"子どもと一緒に行ってもいいですか。", "子（こ）どもと 一緒（いっしょ）に 行（い）っても いいですか。"},
		{"担当は上村です。", "担当（たんとう）は 上村です。"}, // a person's name: not guessed
		{"もう ある 空白は そのままです。", "もう ある 空白（くうはく）は そのままです。"},
		{"一行目です。\nもう 一行です。", "一行目（いちぎょうめ）です。\nもう 一行です。"},
	} {
		if got := p.ForReader(c.text); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"明日の午前10時に来てください。", nil},
		{"お金は いりません。", nil},
		{"申請書を提出してください。", []string{"「申請書」→ 申し込む 紙", "「提出」→ 出す"}},
		{"速やかに避難してください。", []string{"「速やかに」→ はやく", "「避難」→ にげる"}},
		{"受付は 13:00〜16:30です。", []string{"「13:00〜16:30」→ 午後1時から 午後4時30分まで"}},
		{"あなたは うつ病です。", []string{"「うつ病です」は、診断や約束に聞こえます"}},
		{"辛いときは話してください。", []string{"「辛」の読みが決まりません。ひらがなで"}},
		{"アプリを見てください。", []string{"「アプリ」→ スマホで 使う もの"}},
	} {
		if diff := cmp.Diff(c.want, p.Hint(c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
	long := p.Hint("生活福祉資金の貸付について、必要な書類がそろい次第、審査を実施いたしますので、速やかにご提出くださいますようお願い申し上げます。")
	if len(long) != hintsMost {
		t.Errorf("got %d hints, want %d: %v", len(long), hintsMost, long)
	}
	for _, h := range long {
		if n := len([]rune(h)); n > 60 {
			t.Errorf("%s has %d characters, want at most 60", h, n)
		}
	}
}

func TestRuby(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, c := range []struct{ text, want string }{
		{"漢字（かんじ）です", "<ruby>漢字<rp>（</rp><rt>かんじ</rt><rp>）</rp></ruby>です"},
		{"1人（ひとり）と 15分（ふん）", "<ruby>1人<rp>（</rp><rt>ひとり</rt><rp>）</rp></ruby>と 15<ruby>分<rp>（</rp><rt>ふん</rt><rp>）</rp></ruby>"},
		{"<b>&\n\"字(じ)\"", "&lt;b&gt;&amp;<br>&#34;<ruby>字<rp>（</rp><rt>じ</rt><rp>）</rp></ruby>&#34;"},
		{"（かっこ）だけ", "（かっこ）だけ"},
		{"センター（まちの ところ）", "センター（まちの ところ）"},
	} {
		if got := p.Ruby(c.text); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	p := open(t)
	original := "令和8年5月1日 13:00〜16:30 TEL 042-529-8300 1,000円"
	if got := p.Drift(original, "2026年 5月1日 午後1時から 午後4時30分まで 電話 042-529-8300 1000円"); got != nil {
		t.Errorf("the same: got %v, want nothing", got)
	}
	if got := p.Drift(original, "2026年 5月2日 午後1時から 午後4時30分まで 電話 042-529-8300 1000円"); len(got) != 2 {
		t.Errorf("another day: got %v, want two findings", got)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	n := newNumbers()
	for v, want := range map[int]string{0: "ぜろ", 1: "いち", 10: "じゅう", 11: "じゅういち", 100: "ひゃく", 365: "さんびゃくろくじゅうご",
		1000: "せん", 3600: "さんぜんろっぴゃく", 8800: "はっせんはっぴゃく", 10000: "いちまん", 123456: "じゅうにまんさんぜんよんひゃくごじゅうろく"} {
		if got := n.read(v); got != want {
			t.Errorf("%d: got %s, want %s", v, got, want)
		}
	}
	for text, want := range map[string]int{"二十": 20, "三百": 300, "十": 10, "百二十三": 123, "一万二千": 12000, "九": 9} {
		if got, ok := n.value([]rune(text)); !ok || got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
	for minutes, want := range map[int]string{1: "ぷん", 2: "ふん", 5: "ふん", 10: "ぷん", 15: "ふん", 24: "ぷん", 30: "ぷん", 45: "ふん"} {
		if got := KanaOfMinutes(minutes); got != want {
			t.Errorf("%d minutes: got %s, want %s", minutes, got, want)
		}
	}
	for day, want := range map[int]string{1: "ついたち", 8: "ようか", 11: "にち", 20: "はつか", 31: "にち"} {
		if got := KanaOfDay(day); got != want {
			t.Errorf("day %d: got %s, want %s", day, got, want)
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	good, err := packLists()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t)
	if n := len(p.lists.hard); n < 350 {
		t.Errorf("%d hard words, want at least 350", n)
	}
	if n := len(p.grades); n != 1026 {
		t.Errorf("%d kanji with a school year, want 1,026", n)
	}
	for r, want := range map[rune]int{'一': 1, '楽': 2, '漢': 3, '茨': 4, '液': 5, '論': 6, '鬱': 7} {
		if got := p.Grade(r); got != want {
			t.Errorf("%c: got year %d, want %d", r, got, want)
		}
	}
	for _, c := range []struct {
		say  string
		with func(*Config)
	}{
		{"readings.tsv:1", func(c *Config) { c.Readings = []byte("漢字 かんじ") }},
		{"hiragana", func(c *Config) { c.Readings = []byte("漢字\tカンジ") }},
		{"no kanji", func(c *Config) { c.Readings = []byte("かな\tかな") }},
		{"twice", func(c *Config) { c.Readings = []byte("漢字\tかんじ\n漢字\tかんじ") }},
		{"do not fit", func(c *Config) { c.Readings = []byte("書く\tか") }},
		{"level", func(c *Config) { c.HardWords = []byte("申請\t申し込む\t9") }},
		{"no way to mend", func(c *Config) { c.HardWords = []byte("申請\t申し込む\t2\tよ") }},
		{"no rule", func(c *Config) { c.WordLists = []byte("X\t申請") }},
		{"1 to 6", func(c *Config) { c.Grades = []byte("9\t一") }},
	} {
		bad := good
		c.with(&bad)
		if _, err := New(bad); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("got %v, want an error with %q", err, c.say)
		}
	}
}
