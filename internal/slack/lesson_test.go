package slack

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// school is where lessons are kept and decided on, in memory.
type school struct {
	mu      sync.Mutex
	lessons map[string]lesson.Lesson
	effect  lesson.Effect
	down    bool
}

func (s *school) Lesson(_ context.Context, id string) (lesson.Lesson, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.lessons[id]
	switch {
	case s.down:
		return l, errDown
	case !ok:
		return l, reception.ErrNotFound
	}
	return l, nil
}

func (s *school) Measure(lesson.Lesson) lesson.Effect { return s.effect }

func (s *school) Decide(ctx context.Context, cmd lesson.Command) (lesson.Lesson, lesson.Refusal, error) {
	l, err := s.Lesson(ctx, cmd.Lesson)
	if err != nil {
		return l, "", err
	}
	l, _, refused := lesson.Decide(l, cmd, pack())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lessons[l.ID] = l
	return l, refused, nil
}

func (s *school) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func aLesson() lesson.Lesson {
	return lesson.Lesson{
		ID: "l-1", Resident: "r-a", Text: "〔名前〕です。ごみを出す日に起きられません", Shown: "garbage", Right: "elder", Lang: bot.Ja,
		Why: bot.ByStaff, State: lesson.Proposed, At: opened,
	}
}

// teach is an office with one proposed lesson on its card.
func teach(t *testing.T) (*office, *school, string) {
	t.Helper()
	s := &school{lessons: map[string]lesson.Lesson{"l-1": aLesson()}, effect: lesson.Effect{Asked: 460, Before: 428, After: 429, Mended: 1}}
	o := open(t, func(_ *slackapi.Config, c *Config) { c.Lessons = s })
	return o, s, o.learn()
}

// learn brings the card up to date and returns its ts.
func (o *office) learn() string {
	o.t.Helper()
	subject := reception.CaseAt("l-1", money)
	o.deliver(letter(reception.LetterLesson, subject, reception.LessonRef{Lesson: "l-1"}))
	return o.s.posts[reception.LetterLesson+subject]
}

func TestLessonCardTellsWhatItDoes(t *testing.T) {
	t.Parallel()
	effect := lesson.Effect{Asked: 460, Before: 428, After: 429, Mended: 1}
	shown := check(t, lessonCard(aLesson(), effect, pack()), false)
	for _, want := range []string{"ごみを出す日に起きられません", "ごみ・リサイクル", "高齢者の相談", "試験460件: 正しい 93.0 % → 93.3 %", "悪くなる 0件"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the card does not say %q:\n%s", want, shown)
		}
	}
	if strings.Contains(shown, "⚠") {
		t.Errorf("a warning without a reason:\n%s", shown)
	}
	effect.After, effect.Spoilt = 427, []string{"money", "elder"}
	if shown = check(t, lessonCard(aLesson(), effect, pack()), false); !strings.Contains(shown, "⚠ *2件の答えが悪くなります*（くらしとしごとの相談、高齢者の相談）") {
		t.Errorf("the card does not name what gets worse:\n%s", shown)
	}
	if shown = check(t, lessonCard(aLesson(), lesson.Effect{}, pack()), false); !strings.Contains(shown, "試験がない") {
		t.Errorf("without an exam the card does not say so:\n%s", shown)
	}
	for name, text := range texts() {
		l := aLesson()
		l.Text = text
		if p := lessonCard(l, effect, pack()); strings.Contains(p.text, text) && text != "" && !blank(text) {
			t.Errorf("%s: the notification carries the words", name)
		} else {
			check(t, p, false)
		}
	}
}

func TestLessonIsLearnedOnce(t *testing.T) {
	t.Parallel()
	o, s, ts := teach(t)
	for _, user := range []string{tanaka, sato, tanaka} {
		if _, err := o.Click(o.ctx(), slackapi.On(user, money, ts), "覚えさせる"); err != nil {
			t.Fatal(err)
		}
	}
	l := s.lessons["l-1"]
	if l.State != lesson.Accepted || l.By.ID != tanaka || l.By.Name != "田中" || l.Resident != "" {
		t.Errorf("got %+v, want it accepted by 田中, of nobody", l)
	}
	until(t, "the second to be told", func() bool { return len(o.Ephemerals(sato)) == 1 })
	if told := o.Ephemerals(sato)[0].Text; !strings.Contains(told, "田中") {
		t.Errorf("the second was told %q, want who decided", told)
	}
	if n := len(o.Ephemerals(tanaka)); n != 0 {
		t.Errorf("the first was told %d things, want none", n)
	}
	if again := o.learn(); again != ts {
		t.Errorf("the card was posted anew as %s, want %s in its place", again, ts)
	}
	if shown := o.shown(money, ts); !strings.Contains(shown, "覚えました") || !strings.Contains(shown, "田中さんが決めました") || !strings.Contains(shown, "忘れさせる") {
		t.Errorf("the card after it was learned:\n%s", shown)
	}
	if _, err := o.Click(o.ctx(), slackapi.On(sato, money, ts), "忘れさせる"); err != nil {
		t.Fatal(err)
	}
	o.learn()
	if shown := o.shown(money, ts); !strings.Contains(shown, "やめました") || strings.Contains(shown, "ごみを出す日") {
		t.Errorf("the card after it was forgotten:\n%s", shown)
	}
}

func TestLessonIsEdited(t *testing.T) {
	t.Parallel()
	o, s, ts := teach(t)
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), "言葉を直す"); err != nil {
		t.Fatal(err)
	}
	v, _ := o.Modal(tanaka)
	if shown := o.PlainView(v); !strings.Contains(shown, "ごみを出す日に起きられません") || strings.Contains(shown, "いのちの相談") {
		t.Errorf("the modal shows\n%s\nwant the words, and no window of danger", shown)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: "ごみの日に起きられない", inputWindow: "garbage"}); err != nil {
		t.Fatal(err)
	}
	if l := s.lessons["l-1"]; l.Text != "ごみの日に起きられない" || l.Right != "garbage" || l.Edits != 1 || l.State != lesson.Proposed {
		t.Errorf("after the edit: got %+v", l)
	}
	if _, err := o.Click(o.ctx(), slackapi.On(sato, money, ts), "覚えさせる"); err != nil { // of the card as it was
		t.Fatal(err)
	}
	until(t, "the one who saw old words to be told", func() bool { return len(o.Ephemerals(sato)) == 1 })
	if told := o.Ephemerals(sato)[0].Text; s.lessons["l-1"].State != lesson.Proposed || !strings.Contains(told, "直しました") {
		t.Errorf("accepted words nobody had read: %+v, told %q", s.lessons["l-1"], told)
	}
	o.learn()
	if _, err := o.Click(o.ctx(), slackapi.On(sato, money, ts), "覚えさせる"); err != nil {
		t.Fatal(err)
	}
	if l := s.lessons["l-1"]; l.State != lesson.Accepted || l.By.ID != sato {
		t.Errorf("after reading the new words: got %+v, want accepted", l)
	}
}

func TestWorseIsAskedTwice(t *testing.T) {
	t.Parallel()
	o, s, ts := teach(t)
	s.set(func() { s.effect.Spoilt = []string{"money"} })
	o.learn()
	out, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), "覚えさせる")
	if err != nil || out.Confirm != "悪くなる答えがあります" {
		t.Errorf("pressed: asked back %q, %v; want a question first", out.Confirm, err)
	}
}

func TestLessonThatIsGone(t *testing.T) {
	t.Parallel()
	o, s, ts := teach(t)
	s.set(func() { delete(s.lessons, "l-1") })
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), "言葉を直す"); err != nil {
		t.Fatal(err)
	}
	until(t, "a word about it", func() bool { return len(o.Ephemerals(tanaka)) == 1 })
	o.learn()
	if shown := o.shown(money, ts); !strings.Contains(shown, "取り消されました") || strings.Contains(shown, "ごみ") {
		t.Errorf("the card of words that were taken back:\n%s", shown)
	}
}

func TestLessonWhileTheDatabaseIsDown(t *testing.T) {
	t.Parallel()
	o, s, ts := teach(t)
	s.set(func() { s.down = true })
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), "覚えさせる"); err == nil {
		t.Error("a click that was not kept was acknowledged")
	}
	until(t, "a word about it", func() bool { return len(o.Ephemerals(tanaka)) == 1 })
	s.set(func() { s.down = false })
	if l := s.lessons["l-1"]; l.State != lesson.Proposed {
		t.Errorf("got %s, want it still proposed", l.State)
	}
}
