package understand_test

import (
	"slices"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// phrase is one message with what must be understood of it. Empty fields are
// not looked at.
type phrase struct {
	section string // of the catalogue of ways residents write
	text    string
	first   []string // any of them first
	three   []string // all of them within three
	danger  string   // "yes": certain; "no": not certain; "noticed": at least unsure
	person  understand.Person
	lang    string
	town    string
}

// phrases are sentences of our own for each way of writing.
func phrases() []phrase {
	w := func(ids ...string) []string { return ids }
	return []phrase{
		{section: "kana", text: "やちんが はらえません", first: w("housing", "self-reliance"), danger: "no", lang: "ja-easy"},
		{section: "kana", text: "ぱぱに たたかれた おうちに いたくない", first: w("child-abuse"), danger: "yes", lang: "ja-easy"},
		{section: "kana", text: "もえないごみは なんようび", first: w("garbage"), danger: "no"},
		{section: "particles", text: "わたし お金 借りる できる?", first: w("emergency-loan")},
		{section: "particles", text: "子ども 熱 高い 病院 どこ", first: w("medical"), lang: "ja-easy"},
		{section: "conjugation", text: "仕事 探してるます", first: w("self-reliance")},
		{section: "spelling", text: "ぼらんちあ したいです", first: w("volunteer", "summer-volunteer")},
		{section: "flick", text: "しにたおい", danger: "yes"},
		{section: "spelt out", text: "し に た い", first: w("suicide"), danger: "yes"},
		{section: "stretched", text: "お金なーーーーい", three: w("self-reliance")},
		{section: "third person", text: "友達が死にたいと言っています", first: w("suicide"), danger: "yes", person: understand.Other},
		{section: "third person", text: "母が同じ話を何度もします", first: w("elder-care"), person: understand.Other},
		{section: "negation", text: "死にたくないわけじゃない", danger: "yes"},
		{section: "idiom", text: "今日は暑くて死にそう〜アイス食べたい", danger: "no"},
		{section: "idiom", text: "this traffic is killing me lol", danger: "no"},
		{section: "game", text: "ゲームでラスボスに殺されて最初からやり直し", danger: "no"},
		{section: "last sentence", text: "先日はサロンの案内をありがとうございました。お茶もおいしかったです。皆さんによろしくお伝えください。……あと、最近もう死にたいです", danger: "yes"},
		{section: "dialect", text: "眠れんでしんどいねん", three: w("mental-health")},
		{section: "romaji", text: "okane ga nai desu", three: w("self-reliance"), lang: "ja-easy"},
		{section: "romaji", text: "sinitai", danger: "yes", lang: "ja-easy"},
		{section: "english", text: "I want to kill myself", first: w("suicide"), danger: "yes", lang: "en"},
		{section: "english", text: "where do I put plastic bottles", first: w("garbage"), lang: "en"},
		{section: "mixed", text: "I need help with 住民票", first: w("city-procedure"), lang: "en"},
		{section: "chinese", text: "孩子不想上学，怎么办", first: w("school-trouble"), lang: "zh"},
		{section: "chinese", text: "我不想活了", danger: "yes", lang: "zh"},
		{section: "korean", text: "죽고 싶어요", danger: "yes", lang: "ko"},
		{section: "korean", text: "월세를 못 내서 쫓겨날 것 같아요", first: w("housing", "self-reliance"), lang: "ko"},
		{section: "vietnamese", text: "Tôi muốn chết", danger: "yes", lang: "vi"},
		{section: "vietnamese", text: "Tôi mất việc và không có tiền trả tiền nhà", first: w("self-reliance", "housing"), lang: "vi"},
		{section: "several troubles", text: "夫に殴られて、もう住む家もありません", first: w("dv"), three: w("housing"), danger: "yes"},
		{section: "participation", text: "定年になったので、何か人の役に立つことをしたい", first: w("volunteer", "supporter-course")},
		{section: "boundary", text: "塾のお金が足りない", first: w("exam-loan")},
		{section: "boundary", text: "部屋がごみでいっぱいの家が近所にある", first: w("general-consult")},
		{section: "town", text: "西砂町に住んでいます", town: "西砂町"},
		{section: "town", text: "かみすなちょうの さろん", town: "上砂町"},
		{section: "town", text: "ichibancho ni sunde imasu", town: "一番町"},
		{section: "town", text: "羽衣町二丁目の交差点", town: "羽衣町"},
		{section: "town", text: "スナガワチョーです", town: "砂川町"},
		{section: "not ours", text: "明日の天気を教えて", first: w("out-of-scope"), danger: "no"},
		{section: "greeting", text: "はじめまして", first: w("greeting"), danger: "no"},
		{section: "thanks", text: "ありがとうございました、助かりました", first: w("thanks"), danger: "no"},
	}
}

func TestPhrases(t *testing.T) {
	t.Parallel()
	m := model(t)
	for _, p := range phrases() {
		r := m.Understand(p.text, understand.Hint{})
		ids := make([]string, 0, len(r.Windows))
		for _, w := range r.Windows {
			ids = append(ids, w.ID)
		}
		if len(p.first) > 0 && !slices.Contains(p.first, ids[0]) {
			t.Errorf("%s %q: got %v first, want %v", p.section, p.text, ids, p.first)
		}
		for _, id := range p.three {
			if !slices.Contains(ids[:3], id) {
				t.Errorf("%s %q: got %v, want %s within three", p.section, p.text, ids, id)
			}
		}
		level := r.Urgency.Level
		if p.danger == "yes" && level != understand.LevelCertain || p.danger == "no" && level == understand.LevelCertain ||
			p.danger == "noticed" && level == understand.LevelNone {
			t.Errorf("%s %q: danger %s (%s %.2f), want %s", p.section, p.text, level, r.Urgency.Kind, r.Urgency.Score, p.danger)
		}
		if p.person != "" && r.Person != p.person {
			t.Errorf("%s %q: person %s, want %s", p.section, p.text, r.Person, p.person)
		}
		if p.lang != "" && r.Lang != p.lang {
			t.Errorf("%s %q: language %s, want %s", p.section, p.text, r.Lang, p.lang)
		}
		if r.Town != p.town {
			t.Errorf("%s %q: town %q, want %q", p.section, p.text, r.Town, p.town)
		}
	}
}

func TestResultHoldsTogether(t *testing.T) {
	t.Parallel()
	m := model(t)
	for _, text := range []string{"", " ", "🐕", "家賃が払えない", "\xff\xfe", "!!!", "https://example.com/a?b=c", `{"a":1}`, "'; DROP TABLE cases; --"} {
		r := m.Understand(text, understand.Hint{Lang: "ko"})
		if len(r.Windows) == 0 || len(r.Windows) > 5 {
			t.Fatalf("%q: got %d windows", text, len(r.Windows))
		}
		for i, w := range r.Windows {
			if w.Score < 0 || w.Score > 1 || i > 0 && w.Score > r.Windows[i-1].Score {
				t.Errorf("%q: scores out of order or range: %v", text, r.Windows)
			}
		}
		if text == "🐕" && r.Lang != "ko" {
			t.Errorf("an emoji is answered in %s, want the remembered language", r.Lang)
		}
	}
	if r := m.Understand("", understand.Hint{}); r.Kind != understand.KindNotUnderstood || r.Lang != "ja" {
		t.Errorf("nothing: got %s in %s", r.Kind, r.Lang)
	}
}

func TestReasonsQuoteTheMessage(t *testing.T) {
	t.Parallel()
	r := model(t).Understand("家賃を三か月ためてしまい、大家さんに出ていけと言われました", understand.Hint{})
	if len(r.Windows[0].Why) == 0 {
		t.Fatalf("no reasons for %s", r.Windows[0].ID)
	}
	for _, why := range r.Windows[0].Why {
		if why.Words == "" || why.Weight <= 0 {
			t.Errorf("empty reason %+v", why)
		}
	}
}

// TestReasonsAreWholeWords: staff read them, so no scraps of letters.
func TestReasonsAreWholeWords(t *testing.T) {
	t.Parallel()
	for text, word := range map[string]string{
		"むすこが わたしを なぐります": "なぐります", "家賃がもう払えません": "払えません", "I can't pay my rent": "rent",
	} {
		r := model(t).Understand(text, understand.Hint{})
		var words []string
		for _, w := range r.Windows {
			for _, why := range w.Why {
				words = append(words, why.Words)
			}
		}
		if !slices.Contains(words, word) {
			t.Errorf("%q: reasons %q, want %q among them", text, words, word)
		}
	}
}

// TestPlainWordsAlarmNobody: of a few words each weighs much, so that these rang
// before the clauses of all examples, and many short lines, were learned too.
func TestPlainWordsAlarmNobody(t *testing.T) {
	t.Parallel()
	m := model(t)
	for _, text := range []string{"もう夜です", "今日は雨です", "明日は家にいます", "借金が返せません", "水が出ません", "いま、駅です",
		"りんごをたくさんもらいました", "猫がいなくなった", "車がありません"} {
		if r := m.Understand(text, understand.Hint{}); r.Urgency.Level == understand.LevelCertain {
			t.Errorf("%q: danger %s (%.2f)", text, r.Urgency.Kind, r.Urgency.Score)
		}
	}
}

func TestCueThatAsks(t *testing.T) {
	t.Parallel()
	m := model(t)
	for text, want := range map[string]bool{
		"胸が苦しいです": true, "むねがくるしい": true, "さっきから胸がとても苦しくて": true, "my chest hurts": true, "가슴이 아파요": true, "tôi bị đau ngực": true,
		"失恋して胸が苦しい": false, "映画を見て笑いすぎて息が苦しい": false, "胸に名札をつけます": false,
	} {
		if u := m.Understand(text, understand.Hint{}).Urgency; u.Asks() != want || want && (u.Level == understand.LevelNone || u.Kind != "medical") {
			t.Errorf("%q: asks %v, level %s, kind %q; want %v", text, u.Asks(), u.Level, u.Kind, want)
		}
	}
}

func TestDecodeGivesTheSameModel(t *testing.T) {
	t.Parallel()
	m := model(t)
	data := m.Encode()
	again, err := understand.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range phrases() {
		a, b := m.Understand(p.text, understand.Hint{}), again.Understand(p.text, understand.Hint{})
		if a.Windows[0].ID != b.Windows[0].ID || a.Windows[0].Score != b.Windows[0].Score || a.Urgency.Score != b.Urgency.Score || a.Town != b.Town {
			t.Errorf("%q: got %+v after decoding, want %+v", p.text, b, a)
		}
	}
	for name, broken := range map[string][]byte{
		"empty": nil, "other": []byte("PK"), "cut": data[:len(data)/2], "header only": data[:30],
		"flipped": func() []byte { c := slices.Clone(data); c[len(c)/2] ^= 0x55; return c }(),
	} {
		if _, err := understand.Decode(broken); err == nil {
			t.Errorf("%s: decoded", name)
		}
	}
}
