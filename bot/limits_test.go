package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestLimitsInWords: whom residents say not to tell, in six languages, and what
// only sounds like it.
func TestLimitsInWords(t *testing.T) {
	t.Parallel()
	b := pack(t)
	for text, want := range map[string][]string{
		"家族には言わないでください":                        {"family"},
		"母に絶対に知られたくないです":                       {"family"},
		"お金がありません。会社にばれたくないです。学校にも言わないで":       {"work", "school"},
		"学校と家族には言わないでほしいです":                    {"family", "school"},
		"夫には内緒にしてください":                         {"family"},
		"近所の人に知られると困ります":                       {"neighbours"},
		"だれにも言わないでください":                        {"anyone"},
		"病院の佐々木さんには言わないでください":                  {""},
		"かぞくには いわないで ください":                     {"family"},
		"Please don't tell my landlord.":       {"landlord"},
		"I don't want my family to know":       {"family"},
		"Do not tell anyone at work please":    {"work", "anyone"},
		"请不要告诉我的家人":                            {"family"},
		"我不想让公司知道":                             {"work"},
		"가족에게 말하지 마세요":                         {"family"},
		"회사에 알리지 말아 주세요":                       {"work"},
		"Xin đừng nói với gia đình tôi":        {"family"},
		"Tôi không muốn chồng biết chuyện này": {"family"},
		"会社のことは言わないでください":                      nil, // about it, not to it
		"家族には言わないできました":                        nil, // they have not told
		"家族に話してください":                           nil,
		"言わないで":                                nil,
		"I don't want to go to school":         nil,
		"I don't want my son to be sick":       nil,
		"Don't let the person in front know":   nil, // son is not in person
		"Tôi không muốn đi làm":                nil,
		"電気代が払えません":                            nil,
		"我不想让孩子生病":                             nil,
		"母は薬を飲まないと言わないで、隠します":                  nil,
		"先生に言われました。どうすればいいですか":                 nil,
		"兄が「施設に入れ」と言います。わたしは家にいたいと、まだ言えていません": nil,
	} {
		var got []string
		for _, l := range b.LimitsIn(text) {
			got = append(got, l.Who)
			if l.Words == "" {
				t.Errorf("%q: no words are kept", text)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A pack without limits finds none and offers none.
func TestPackWithoutLimits(t *testing.T) {
	t.Parallel()
	c := *pack(t)
	c.Limits = bot.Limits{}
	if got := c.LimitsIn("家族には言わないでください"); got != nil {
		t.Errorf("got %v", got)
	}
	b := bot.New(&c, silent{})
	s := bot.State{Case: &bot.CaseView{ID: "c", Window: "housing"}}
	_, effects := b.Step(s, bot.Input{ID: "1", At: time.Now(), Event: bot.ConsentAsked{Case: "c", Consent: "k", With: "市"}})
	for _, e := range effects {
		if say, ok := e.(bot.Say); ok {
			if cards, ok := say.Messages[0].(bot.Cards); ok && len(cards.Cards[0].Buttons) != 2 {
				t.Errorf("the card has %d buttons, want 2", len(cards.Cards[0].Buttons))
			}
		}
	}
}
