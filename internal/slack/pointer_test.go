package slack

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func pointLetter(c desk.Case, window, channel string) mailbox.Letter {
	return letter(reception.LetterPoint, reception.PointAt(c.ID, window, channel), reception.Pointer{Case: c.ID, Window: window})
}

func offerLetter(c desk.Case, window, channel string) mailbox.Letter {
	return letter(reception.LetterPoint, reception.OfferAt(c.ID, window, "o", channel), reception.Pointer{Case: c.ID, Window: window, Offer: "o"})
}

// A hand-over rings the next window with a post of its own, also where the
// window was invited before, once, whatever Slack does.
func TestHandOverIsANewPost(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slackapi.Failure{
		"nothing":           {Method: "chat.nothing", Times: 1},
		"500":               {Method: "chat.postMessage", Kind: slackapi.FailStatus, Times: 1},
		"cut after posting": {Method: "chat.postMessage", Kind: slackapi.FailAfter, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			c := aCase()
			c.Team = []desk.Member{{Window: "elder", Does: "介護を見てほしい"}}
			o.begin(c)
			o.deliver(pointLetter(c, "elder", elder))
			c.Offer = &desk.Offer{ID: "o", Window: "elder", By: desk.Staff{ID: tanaka, Name: "田中"}, Agreed: true}
			o.s.set(func() { o.s.cases[c.ID] = c })
			o.Fail(f)
			for _, l := range []mailbox.Letter{offerLetter(c, "elder", elder), pointLetter(c, "elder", elder), offerLetter(c, "elder", elder)} {
				for ; ; l.Tries++ {
					_, err := o.carry(l)
					if err == nil {
						break
					}
					var retry *mailbox.RetryError
					if !errors.As(err, &retry) || l.Tries > 3 {
						t.Fatalf("try %d: %v", l.Tries, err)
					}
					l.Clear = retry.Clear
				}
			}
			m := o.Messages(elder)
			if len(m) != 2 {
				t.Fatalf("%d posts, want the pointer and the hand-over", len(m))
			}
			if first, second := o.Plain(m[0]), o.Plain(m[1]); !strings.Contains(first, "いっしょに考えてください") || !strings.Contains(second, "引き継ぎのおねがい") {
				t.Errorf("got\n%s\nand\n%s", first, second)
			}
			// The window takes it: both change where they stand.
			c.Window, c.Offer, c.Team, c.Status, c.Holder = "elder", nil, nil, desk.Taken, desk.Staff{ID: sato, Name: "佐藤"}
			o.s.set(func() { o.s.cases[c.ID] = c })
			o.deliver(offerLetter(c, "elder", elder), pointLetter(c, "elder", elder))
			if m = o.Messages(elder); len(m) != 2 || !strings.Contains(o.Plain(m[1]), "引き継ぎました") || len(slackapi.Buttons(m[1])) != 0 {
				t.Errorf("%d posts, the second:\n%s", len(m), o.Plain(m[1]))
			}
		})
	}
}

// A hand-over within one channel rings it too: a card that changes does not.
func TestHandOverInOneChannelIsANewPost(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Offer = &desk.Offer{ID: "o", Window: "volunteer", By: desk.Staff{ID: tanaka, Name: "田中"}, Agreed: true}
	o.begin(c)
	o.deliver(offerLetter(c, "volunteer", money))
	if m := o.Messages(money); len(m) != 2 || !strings.Contains(o.Plain(m[1]), "引き継ぎのおねがい") || strings.Contains(o.Plain(m[1]), "招待") {
		t.Errorf("%d posts, the last:\n%s", len(m), o.Plain(m[len(m)-1]))
	}
}

// Who cannot open the thread is told whom to ask; who can is not troubled.
func TestPointerSaysHowToComeIn(t *testing.T) {
	t.Parallel()
	for who, want := range map[string]bool{"": true, "U0OTHER": true, sato: false} {
		o := open(t)
		c := aCase()
		c.Holder, c.Status = desk.Staff{ID: tanaka, Name: "田中"}, desk.Taken
		c.Team = []desk.Member{{Window: "elder", Who: desk.Staff{ID: who, Name: "佐藤"}}}
		o.begin(c)
		o.deliver(pointLetter(c, "elder", elder))
		shown := o.Plain(o.Messages(elder)[0])
		if got := strings.Contains(shown, "担当の田中さんに、「くらしとしごとの相談」のチャンネルへの招待をたのんで"); got != want {
			t.Errorf("%q: told %v, want %v:\n%s", who, got, want, shown)
		}
	}
}

// A pointer is posted once, whatever Slack does, and kept up to date.
func TestPointerOnceWhateverSlackDoes(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slackapi.Failure{
		"500":               {Method: "chat.postMessage", Kind: slackapi.FailStatus, Times: 1},
		"429":               {Method: "chat.postMessage", Kind: slackapi.FailRateLimited, Times: 1},
		"cut before":        {Method: "chat.postMessage", Kind: slackapi.FailBefore, Times: 1},
		"cut after posting": {Method: "chat.postMessage", Kind: slackapi.FailAfter, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			c := aCase()
			c.Team = []desk.Member{{Window: "elder", Does: "介護を見てほしい", AskedBy: desk.Staff{ID: tanaka, Name: "田中"}}}
			o.begin(c)
			o.Fail(f)
			l := pointLetter(c, "elder", elder)
			for ; ; l.Tries++ {
				_, err := o.carry(l)
				if err == nil {
					break
				}
				var retry *mailbox.RetryError
				if !errors.As(err, &retry) || l.Tries > 3 {
					t.Fatalf("try %d: %v", l.Tries, err)
				}
				l.Clear = retry.Clear
			}
			if n := len(o.Messages(elder)); n != 1 {
				t.Fatalf("%d posts, want one", n)
			}
			if shown := o.Plain(o.Messages(elder)[0]); !strings.Contains(shown, "介護を見てほしい") || !strings.Contains(shown, "田中さんから") {
				t.Errorf("got\n%s", shown)
			}
			c.Team = nil
			o.begin(c)
			l.ID, l.Tries = l.ID+"2", 1
			if _, err := o.carry(l); err != nil {
				t.Fatal(err)
			}
			if m := o.Messages(elder); len(m) != 1 || !strings.Contains(o.Plain(m[0]), "終わりました") || len(slackapi.Buttons(m[0])) != 0 {
				t.Errorf("after the end: %d posts, %q", len(m), o.Plain(m[0]))
			}
		})
	}
}

// A pointer that was faster than the card leads there as soon as it stands.
func TestPointerLeadsToItsCard(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Team = []desk.Member{{Window: "elder", Does: "介護を見てほしい"}}
	o.s.set(func() { o.s.cases[c.ID] = c })
	o.deliver(pointLetter(c, "elder", elder))
	shown := func() string { return o.Plain(o.Messages(elder)[0]) }
	if got := shown(); strings.Contains(got, "カードとスレッドを開く") {
		t.Fatalf("it leads nowhere yet:\n%s", got)
	}
	o.deliver(cardLetter(c, money))
	if got := shown(); !strings.Contains(got, "カードとスレッドを開く") || len(o.Messages(elder)) != 1 {
		t.Errorf("%d posts; the first:\n%s", len(o.Messages(elder)), got)
	}
	r, err := o.carry(cardLetter(c, money))
	if err != nil || len(r.Follow) != 0 {
		t.Errorf("brought up to date, the card leads to %+v, %v", r.Follow, err)
	}
}

// A window that is asked for nothing (any more) never gets a post.
func TestNoPointerForNothing(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Offer = &desk.Offer{ID: "o", Window: "elder", By: desk.Staff{ID: tanaka, Name: "田中"}} // the resident has not answered
	o.begin(c)
	for _, channel := range []string{elder, money} {
		for _, l := range []mailbox.Letter{pointLetter(c, "elder", channel), offerLetter(c, "elder", channel)} {
			if _, err := o.carry(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := len(o.Messages(elder)); n != 0 {
		t.Errorf("%d posts, want none", n)
	}
}

// TestFormsBecomeCommands presses each entry of the menu and fills its form.
func TestFormsBecomeCommands(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Holder, c.Status = desk.Staff{ID: tanaka, Name: "田中"}, desk.Taken
	ts := o.begin(c)
	at := slackapi.On(tanaka, money, ts)
	var want []desk.Action
	form := func(entry string, values map[string]any, action desk.Action) {
		t.Helper()
		if _, err := o.Select(o.ctx(), at, actMenu, entry); err != nil {
			t.Fatal(err)
		}
		if _, err := o.FillAndSubmit(o.ctx(), tanaka, values); err != nil {
			t.Fatalf("%s: %v", entry, err)
		}
		want = append(want, action)
	}
	form(menuInvite, map[string]any{inputWindow: "elder", inputText: "見てほしい"}, desk.Invite{Window: "elder", Does: "見てほしい"})
	form(menuConsent, map[string]any{inputName: "市の課", inputText: "家賃"}, desk.AskConsent{With: "市の課", What: "家賃"})
	wish := "家にいたい"
	form(menuMemo, map[string]any{inputText: "話した", inputTags: "減免 訪問", inputWish: wish}, desk.Write{Text: "話した", Wish: &wish, Tag: true, Tags: []string{"減免", "訪問"}})
	form(menuCall, map[string]any{inputText: "留守"}, desk.Write{Text: "留守", Call: true})
	form(menuCall, map[string]any{inputText: "話せた", inputTell: "yes"}, desk.Write{Text: "話せた", Call: true, Spoke: true})
	form(menuShow, map[string]any{inputName: "window:elder", inputText: "こちらです"}, desk.Reply{Show: "window:elder", Text: "こちらです"})
	form(menuPlan, map[string]any{inputGoal: "家にいたい", "step1": "電話", "who1": "staff"},
		desk.Propose{Goal: "家にいたい", Steps: []desk.StepText{{Text: "電話", Who: "staff"}}})
	if _, err := o.Select(o.ctx(), at, actMenu, menuNext); err != nil {
		t.Fatal(err)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: "電話", inputDate: "2001-01-01", inputTime: "10:00"}); err != nil {
		t.Fatal(err)
	}
	if v, _ := o.Modal(tanaka); !strings.Contains(v.Errors[inputDate], "過ぎた") {
		t.Errorf("a promise in the past: got errors %v", v.Errors)
	}
	got := o.s.commands(t)
	if len(got) != len(want) {
		t.Fatalf("got %d commands, want %d", len(got), len(want))
	}
	for i := range want {
		if !same(got[i].Action, want[i]) || got[i].Case != c.ID || got[i].By.ID != tanaka {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

// TestPreviewIsInTheReadersForm: what is previewed is what is sent, in the
// form of the resident's language, with what could be said more plainly.
func TestPreviewIsInTheReadersForm(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, c *Config) {
		c.ForReader = plainer
		c.Hint = hints
	})
	c := aCase()
	card := o.begin(c)
	v := o.write(card, "申請してください")
	if shown := o.PlainView(v); !strings.Contains(shown, "申請（しんせい）してください") || !strings.Contains(shown, "紙を出してください") {
		t.Errorf("the preview shows\n%s", shown)
	}
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Post(tanaka, money, card, ">> 申請してください"); err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range o.s.commands(t) {
		if r := cmd.Action.(desk.Reply); r.Text != "申請（しんせい）してください" {
			t.Errorf("got %q", r.Text)
		}
	}
}

// TestTemplates fills what is known and leaves the rest to the writer.
func TestTemplates(t *testing.T) {
	t.Parallel()
	p := pack()
	p.Templates = templates()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.Content = packOf(p) })
	c := aCase()
	card := o.begin(c)
	if _, err := o.Select(o.ctx(), slackapi.On(tanaka, money, card), actMenu, menuTemplate); err != nil {
		t.Fatal(err)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputName: "あいさつ"}); err != nil {
		t.Fatal(err)
	}
	v, ok := o.Modal(tanaka)
	if shown := o.PlainView(v); !ok || v.Title != "返信" || !strings.Contains(shown, c.Number()+" 田中です 〔日〕") {
		t.Errorf("got %q\n%s", v.Title, shown)
	}
	if got := templatesFor(p, "elder"); len(got) != 1 {
		t.Errorf("%d templates for another window, want the one for all", len(got))
	}
}

// Whoever is asked to take a case over reads what the resident was promised.
func TestPointerTellsWhenTheResidentIsSpokenTo(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Offer = &desk.Offer{ID: "o", Window: "elder", By: desk.Staff{ID: tanaka, Name: "田中"}, When: "あすの午前", Agreed: true}
	o.begin(c)
	o.deliver(offerLetter(c, "elder", elder))
	if got := o.Plain(o.Messages(elder)[0]); !strings.Contains(got, "いつから") || !strings.Contains(got, "あすの午前（ご本人に伝えてあります）") {
		t.Errorf("got\n%s", got)
	}
}
