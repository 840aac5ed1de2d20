package demo

import "slices"

// example is a conversation's beginning, ready to click: somebody new adds the
// account and sends these things.
type example struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Note  string `json:"note"` // small, in English
	Mark  string `json:"mark"` // of the label: "", "danger", "night"
	Name  string `json:"name"`
	// Language of the phone, as LINE tells it.
	Language string `json:"language"`
	Clock    string `json:"clock,omitempty"` // moved first
	Steps    []step `json:"steps"`
}

// step is one thing sent: a text, or something the page has at hand.
type step struct {
	Text   string `json:"text,omitempty"`
	Sample string `json:"sample,omitempty"` // photo, voice, place, sticker
}

func texts(said ...string) []step {
	out := make([]step, len(said))
	for i, t := range said {
		out[i].Text = t
	}
	return out
}

// examples are the ready-made ones. Those that need the clock are left out
// when it cannot be moved.
func (d *Demo) examples() []example {
	all := []example{
		{ID: "forgets", Label: "母の物忘れ", Note: "a mother who forgets", Name: "山本 明美", Language: "ja", Steps: texts("母が最近物忘れがひどくて心配")},
		{ID: "money", Label: "おかねがない", Note: "hiragana", Name: "まりあ", Language: "ja", Steps: texts("おかねが なくて こまっています")},
		{ID: "job", Label: "I lost my job", Note: "English", Name: "Daniel", Language: "en", Steps: texts("I lost my job")},
		{ID: "volunteer", Label: "ボランティア", Note: "volunteer", Name: "井上 さくら", Language: "ja", Steps: texts("ボランティアを したいです")},
		{ID: "photo", Label: "写真から", Note: "photo first", Name: "小林 ひろし", Language: "ja",
			Steps: []step{{Sample: "photo"}, {Text: "水道料金の督促状です。お金がなくて払えません"}}},
		{ID: "danger", Label: "死にたい", Note: "in danger", Mark: "danger", Name: "あおい", Language: "ja", Steps: texts("もう死にたい")},
		{ID: "two", Label: "困りごとが二つ", Note: "two troubles at once", Name: "佐々木 健", Language: "ja",
			Steps: texts("家賃が払えません。それに、母の介護で仕事にも行けなくて、もうどうしたらいいか")},
		{ID: "pieces", Label: "五つに分けて", Note: "five messages in a row", Name: "高橋 まこと", Language: "ja",
			Steps: texts("あの", "息子のことなんですけど", "学校に行けなくなって", "もう三か月", "どこに相談したらいいですか")},
		{ID: "vietnamese", Label: "Tiếng Việt", Note: "Vietnamese", Name: "Linh", Language: "vi", Steps: texts("Tôi muốn học tiếng Nhật")},
		{ID: "romaji", Label: "Romaji", Note: "Japanese in Roman letters", Name: "Priya", Language: "en", Steps: texts("shigoto o sagashite imasu")},
		{ID: "chinese", Label: "中文", Note: "Chinese", Name: "王 芳", Language: "zh-Hans", Steps: texts("我想咨询孩子的学校问题")},
		{ID: "collapsed", Label: "倒れている", Note: "someone collapsed", Mark: "danger", Name: "中村 隆", Language: "ja", Steps: texts("父が倒れて動きません")},
	}
	if d.cfg.SetClock != nil {
		all = slices.Insert(all, 6, example{ID: "night", Label: "夜 22時", Note: "out of hours", Mark: "night", Name: "渡辺 直人", Language: "ja", Clock: "night",
			Steps: texts("借金が返せません")})
	}
	return all
}
