package understand_test

import (
	"slices"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// accepted are what staff might teach: each was sent to another window than
// the model says.
func accepted() []understand.Example {
	return []understand.Example{
		{Text: "シルバーパスの期限が切れたらどうすればいいですか", Window: "city-procedure"},
		{Text: "団地の集会所の鍵当番がもう回りません", Window: "group-support"},
		{Text: "敬老の日の商品券はいつ届きますか", Window: "city-procedure"},
	}
}

func first(m *understand.Model, text string) string {
	return m.Understand(text, understand.Hint{}).Windows[0].ID
}

func TestLearnTakesAnExampleAndItsParaphrase(t *testing.T) {
	t.Parallel()
	before := model(t)
	after := before.Learn(accepted())
	for _, e := range accepted() {
		if got := first(after, e.Text); got != e.Window {
			t.Errorf("%q after learning: got %s, want %s", e.Text, got, e.Window)
		}
	}
	for text, want := range map[string]string{
		"シルバーパスの期限がもう切れそうです":   "city-procedure",
		"集会所の鍵当番をする人がいなくなりました": "group-support",
		"敬老の日の商品券がまだ届いていません":   "city-procedure",
	} {
		if got := first(after, text); got != want {
			t.Errorf("paraphrase %q: got %s, want %s (before: %s)", text, got, want, first(before, text))
		}
	}
}

func TestLearnLeavesTheModelItCameFromAlone(t *testing.T) {
	t.Parallel()
	before := model(t)
	was := before.Encode()
	before.Learn(accepted())
	if !slices.Equal(was, before.Encode()) {
		t.Error("learning changed the model it began with")
	}
}

func TestLearnIsTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	list := accepted()
	one := model(t).Learn(list).Encode()
	slices.Reverse(list)
	if !slices.Equal(one, model(t).Learn(list).Encode()) {
		t.Error("the order in which examples were accepted changes the model")
	}
}

func TestLearnNeverTakesDangerAway(t *testing.T) {
	t.Parallel()
	const text = "ロープを買いました。あとは場所だけ"
	before := model(t)
	was := before.Understand(text, understand.Hint{}).Urgency
	if was.Level == understand.LevelNone {
		t.Fatalf("%q must be dangerous to begin with", text)
	}
	is := before.Learn([]understand.Example{{Text: text, Window: "donation"}}).Understand(text, understand.Hint{}).Urgency
	if is.Level < was.Level {
		t.Errorf("danger fell from %s to %s by an example that says nothing of it", was.Level, is.Level)
	}
}

func TestLearnAddsDanger(t *testing.T) {
	t.Parallel()
	const text = "ベランダの植木鉢を全部あの人に譲りました"
	m := model(t).Learn([]understand.Example{{Text: text, Window: "suicide", Urgent: "suicide"}})
	if got := m.Understand(text, understand.Hint{}).Urgency; got.Level != understand.LevelCertain || got.Kind != "suicide" {
		t.Errorf("got %s %q, want certain suicide", got.Level, got.Kind)
	}
}

func TestLearnLeavesOutWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	was := model(t).Encode()
	after := model(t).Learn([]understand.Example{{Text: "こんにちは", Window: "no-such-window"}, {Text: "", Window: "housing"}})
	if !slices.Equal(was, after.Encode()) {
		t.Error("examples without a known window or words changed the model")
	}
}

func TestCompareCountsWhatIsSpoiled(t *testing.T) {
	t.Parallel()
	before := model(t)
	good := before.Learn(accepted())
	cases := []understand.Case{
		{ID: "a", Text: accepted()[0].Text, Expect: []string{"city-procedure"}},
		{ID: "b", Text: "家賃が払えなくて追い出されそうです", Expect: []string{"housing"}},
	}
	if got := understand.Compare(before, good, cases); got.Worse() || !slices.Equal(got.Mended, []string{"a"}) || got.After.Share() != 1 {
		t.Errorf("good examples: got %+v, want a mended and nothing spoiled", got)
	}
	bad := before.Learn([]understand.Example{{Text: "家賃が払えなくて追い出されそうです", Window: "garbage"}})
	if got := understand.Compare(before, bad, cases); !got.Worse() || !slices.Equal(got.Spoiled, []string{"b"}) {
		t.Errorf("a bad example: got %+v, want b spoiled", got)
	}
}

func BenchmarkLearn(b *testing.B) {
	m := model(b)
	for b.Loop() {
		m.Learn(accepted())
	}
}
