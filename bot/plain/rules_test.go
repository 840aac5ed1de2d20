package plain

import (
	"slices"
	"strings"
	"testing"
)

// TestRules gives each rule sentences that break it and sentences that only
// look as if they did. The pairs of the guides are in TestPairs.
func TestRules(t *testing.T) {
	t.Parallel()
	p := open(t)
	disaster, broadcast, ordinary := Options{Disaster: true}, Options{Where: Broadcast}, Options{Where: Ordinary}
	label, button := Options{Kind: Label}, Options{Kind: Button}
	for _, c := range []struct {
		rule string
		text string
		o    Options
		want bool
	}{
		{"R01", strings.Repeat("あ", 49) + "です。", Options{}, true},
		{"R01", strings.Repeat("あ", 45) + "です。", Options{}, false},
		{"R01", strings.Repeat("あ", 30) + "です。", disaster, true},
		{"R01", strings.Repeat("漢", 25) + "です。", Options{}, true},
		{"R01", "しゃしゅしょちゃちゅちょ きゃきゅきょです。", disaster, false},
		{"R01", "https://example.jp/" + strings.Repeat("a", 90) + " を 見て ください。", Options{}, false},
		{"R02", strings.Repeat("あ", 41) + "。", Options{}, true},
		{"R02", strings.Repeat("あ", 41) + "。", ordinary, false},
		{"R02", strings.Repeat("あ", 61) + "。", ordinary, true},
		{"R02", "電話（でんわ）" + strings.Repeat("（でんわ）", 0) + "です。", Options{}, false},
		{"R03", "お金が なくて、家が なくて、こまって います。", Options{}, true},
		{"R03", "電話したら、すぐ 来るので 待って ください。", Options{}, true},
		{"R03", "はい、わたしが 行って、話します。", Options{}, false},
		{"R03", "「来て、見て、話して」と 言いました。", Options{}, false},
		{"R04", "水や パンや 薬を 持って きて ください。", Options{}, true},
		{"R04", "名前と 住所と 電話を 書いて ください。", Options{}, true},
		{"R04", "水や パンを 持って きて ください。", Options{}, false},
		{"R04", "友だちと いっしょに 母と 話します。", Options{}, false},
		{"R05", strings.Repeat("あ", 31) + "こと。", Options{}, true},
		{"R05", "ここに 来て ください。", Options{}, false},
		{"R06", "あした 来て。", Options{}, true},
		{"R06", "受付は 市役所。", Options{}, true},
		{"R06", "あした 来て ください。", Options{}, false},
		{"R06", "来ましたか？", Options{}, false},
		{"R06", "いいですね。", Options{}, false},
		{"R06", "ありがとう ございます。", Options{}, false},
		{"R06", "ところ：市役所", Options{}, false},
		{"R06", "・市役所\n・学校", Options{}, false},
		{"R06", "市役所の そうだん", label, false},
		{"R07", "行かなければ なりません。", Options{}, true},
		{"R07", "わからない ことは ありません。", Options{}, true},
		{"R07", "待つしか ありません。", Options{}, true},
		{"R07", "お金が ない ときは 行かないで ください。", Options{}, false},
		{"R07", "わからなくても いいです。", Options{}, false},
		{"R07", "かならず 来ません。", Options{}, false},
		{"R08", "名前を 呼ばれます。", Options{}, true},
		{"R08", "子どもを 行かせます。", Options{}, true},
		{"R08", "会が 開催されました。", Options{}, true},
		{"R08", "赤ちゃんが 生まれました。", Options{}, false},
		{"R08", "箱に 入れます。", Options{}, false},
		{"R08", "よく わすれます。", Options{}, false},
		{"R08", "ここで 話せます。", Options{}, false},
		{"R08", "職員が 知らせます。", Options{}, false},
		{"R09", "お待ちください。", Options{}, false},
		{"R09", "お金を はらって ください。", Options{}, false},
		{"R09", "こちらに お書きください。", Options{}, true},
		{"R09", "ご連絡ください。", Options{}, true},
		{"R09", "説明いたします。", Options{}, true},
		{"R09", "職員が うかがって いただきます。", Options{}, true},
		{"R09", "ありがとう ございます。", Options{}, false},
		{"R09", "話さないで ください。", Options{}, false},
		{"R10", "来る かもしれません。", Options{}, true},
		{"R10", "水等を くばります。", Options{}, true},
		{"R10", "みんな 平等です。", Options{}, false},
		{"R10", "水などを くばります。", broadcast, true},
		{"R10", "水などを くばります。", Options{}, false},
		{"R11", "セミナーに 来て ください。", Options{}, true},
		{"R11", "セミナー（べんきょうの 会）に 来て ください。", Options{}, false},
		{"R11", "べんきょうの 会（セミナー）に 来て ください。", Options{}, false},
		{"R11", "バスで 来て ください。", Options{}, false},
		{"R11", "「ハートさん」に 電話して ください。", Options{}, false},
		{"R12", "申請して ください。", Options{}, true},
		{"R12", "避難（ひなん）（にげる こと）して ください。", Options{}, false},
		{"R12", "「同行避難」は、いっしょに にげる ことです。", Options{}, false},
		{"R12", "手紙が 届きます。", Options{}, false},
		{"R12", "救急車を よびます。", Options{}, false},
		{"R12", "受付に 来て ください。", Options{Level: 2}, false},
		{"R13", "説明会の 実施を 行います。", Options{}, true},
		{"R13", "活動を 行います。", Options{}, true},
		{"R13", "まちの 高齢化が すすみます。", Options{}, true},
		{"R13", "日本の 文化を 話します。", Options{}, false},
		{"R14", "しっかり 食べて ください。", Options{}, true},
		{"R14", "よく 食べて ください。", Options{}, false},
		{"R15", "電話(でんわ)です。", Options{}, false},
		{"R15", "電話です。", Options{}, true},
		{"R15", "山です。", Options{Grade: 1}, false},
		{"R15", "障害です。", Options{Grade: 2}, true},
		{"R15", "午後（ごご）1時（じ）から 午後（ごご）4時（じ）30分（ぷん）まで です。", Options{}, false},
		{"R15", "電話番号（でんわばんごう）と 名前（なまえ）です。", Options{}, true},
		{"R16", "こまっていることをかいてください。", Options{}, true},
		{"R16", "ここ に 来て ください。", Options{}, true},
		{"R16", "とても いいです。", Options{}, false},
		{"R17", "１０です。", ordinary, true},
		{"R17", "10です。", Options{}, false},
		{"R18", "2026/5/1に 始まります。", Options{}, true},
		{"R18", "R8.5.1に 始まります。", Options{}, true},
		{"R18", "2026年5月1日(月)に 始まります。", Options{}, true},
		{"R18", "2026年2月30日(月)に 始まります。", Options{}, true},
		{"R18", "2026年5月1日（金（きん））に 始まります。", Options{}, false},
		{"R18", "5月1日に 始まります。", broadcast, true},
		{"R18", "来週の金曜日に 来て ください。", Options{}, true},
		{"R18", "電話は 042-2026-0501です。", Options{}, false},
		{"R19", "15時に 来て ください。", Options{}, true},
		{"R19", "12時に 来て ください。", Options{}, true},
		{"R19", "昼の 12時に 来て ください。", Options{}, false},
		{"R19", "24時間 話せます。", Options{}, false},
		{"R19", "午前9時に 来て ください。", Options{}, false},
		{"R19", "9時に 来て ください。", Options{}, true},
		{"R20", "※雨の 日は 休みです。", Options{}, true},
		{"R20", "FAXは 042-000-0000です。", Options{}, true},
		{"R20", "LINEで 話せます。", Options{}, false},
		{"R21", "きのう 町で とても 長く 待ちました。それから 電話で たくさん 話しました。そして うちへ ゆっくり 帰りました。", Options{}, true},
		{"R21", "わたしは きのう 長く 待ちました。職員が 電話で 話しました。", Options{}, false},
		{"R22", "会に 足を 運んで ください。", Options{}, true},
		{"R23", "名前および 住所を 書いて ください。", Options{}, true},
		{"R24", "水を 飲まないで ください。", Options{}, true},
		{"R24", "水を 飲まないで ください。水が きたないです。", Options{}, false},
		{"R25", "市役所（しやくじょ）です。", Options{}, true},
		{"R25", "明日（あす）です。", Options{}, false},
		{"R25", "辛（つら）いです。", Options{}, false},
		{"R25", "辛（しん）いです。", Options{}, true},
		{"R25", "15分（ぷん）です。", Options{}, true},
		{"R25", "15分（じゅうごふん）です。", Options{}, false},
		{"R25", "20日（はつか）です。", Options{}, false},
		{"R26", "民生委員（みんせいいいん）が 来ます。", Options{}, true},
		{"R26", "民生委員（みんせいいいん）（まちの そうだんを 聞く 人）が 来ます。", Options{}, false},
		{"R27", "しょくいんと はなしたいです", button, true},
		{"R27", "はい", button, false},
		{"R27", strings.Repeat("この 文は わたしが ここに とても ゆっくり 書いて いる ながい ながい ことばです。", 6), Options{}, true},
		{"R28", "画像", Options{Alt: true}, true},
		{"R28", "市役所の ちず", Options{Alt: true}, false},
		{"R29", "午後2時に 来て ください。", Options{Original: "13:00に来てください。"}, true},
		{"R29", "午後1時に 来て ください。", Options{Original: "13:00に来てください。"}, false},
		{"R30", "わたしが 行きます。わたしが 見ます。わたしが 話します。わたしが 書きます。", Options{Buttons: []string{}}, true},
		{"R30", "わたしが 行きます。わたしが 見ます。わたしが 話します。わたしが 書きます。", Options{Buttons: []string{"わかりました"}}, false},
		{"R30", "わたしが 行きます。", Options{Buttons: []string{}}, false},
		{"R31", "津波が 来ます。", disaster, true},
		{"R31", "津波（つなみ）（大きい 波）が 来ます。", disaster, false},
		{"R32", "頑張って ください。", ordinary, true},
		{"R32", "何の 病気ですか。", Options{}, false},
		{"R32", "かならず もらえます。", Options{}, true},
	} {
		if got := rulesOf(p.Check(c.text, c.o)); slices.Contains(got, c.rule) != c.want {
			t.Errorf("%s in %q: got %v, want %v", c.rule, c.text, got, c.want)
		}
	}
}

// TestPlaces holds line, column and range to the text as given, furigana
// included.
func TestPlaces(t *testing.T) {
	t.Parallel()
	p := open(t)
	text := "いいです。\n電話（でんわ）で 申請（しんせい）して ください。"
	r := p.Check(text, Options{})
	if len(r.Findings) != 1 {
		t.Fatalf("got %+v, want one finding", r.Findings)
	}
	f := r.Findings[0]
	if f.Line != 2 || f.Column != 10 || string([]rune(text)[f.Start:f.End]) != "申請（しんせい）" || f.Words != "申請" {
		t.Errorf("got %+v (%s), want line 2, column 10, 申請（しんせい）", f, string([]rune(text)[f.Start:f.End]))
	}
	if r.Sentences != 2 || r.Score != 80 {
		t.Errorf("got %d sentences and %d points, want 2 and 80", r.Sentences, r.Score)
	}
	if r := p.Check("", Options{}); r.Score != 100 || len(r.Findings) != 0 {
		t.Errorf("nothing: got %+v, want 100 points", r)
	}
}
