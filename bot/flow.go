package bot

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// row says what happens when the resident answers. Verbs come from taps
// ("hand:housing"), from typed words the pack knows ("はい" means yes), or are
// anyText for free text.
type row struct {
	during QuestionKind // only while this is asked; anytime: always
	verb   string
	does   func(t *turn, arg string)
}

const (
	anytime QuestionKind = ""
	anyText string       = "*"
)

// flow is the whole dialogue as a table; the first row that fits is taken.
//
// It is a function because its rows lead back to itself.
func flow() []row {
	return []row{
		// welcome
		{AskLanguage, "lang", (*turn).chooseLanguage},

		// which of these is it?
		{AskClarify, "window", (*turn).showWindow},
		{AskClarify, "unsure", (*turn).talkToPeople},
		{AskClarify, "no", (*turn).talkToPeople},

		// may staff read this?
		{AskHandover, "yes", (*turn).handOver},
		{AskHandover, "change", (*turn).askChange},
		{AskHandover, "no", (*turn).keepToOneself},
		{AskHandover, anyText, (*turn).moreOrAsks},
		{AskChange, "no", (*turn).keepToOneself},
		{AskChange, anyText, (*turn).changeSummary},

		// a form, field by field
		{AskForm, "skip", (*turn).skipField},
		{AskForm, "unsure", (*turn).skipField},
		{AskForm, "no", (*turn).leaveForm},
		{AskForm, "option", (*turn).fillField},
		{AskForm, anyText, (*turn).fillField},

		// are you in danger?
		{AskDanger, "yes", (*turn).dangerIsReal},
		{AskDanger, "no", (*turn).dangerIsNot},

		// what is the picture about?
		{AskMedia, "yes", (*turn).talkToPeople},
		{AskMedia, "no", (*turn).keepToOneself},

		// may these words be used to err less?
		{AskLesson, "lesson", (*turn).answerLesson},
		{AskLesson, "yes", (*turn).lessonYes},
		{AskLesson, "no", (*turn).lessonNo},
		// what staff ask through the bot
		{AskOffer, "yes", (*turn).offerYes},
		{AskOffer, "no", (*turn).offerNo},
		{AskOffer, "offer-yes", (*turn).offerYes},
		{AskOffer, "offer-no", (*turn).offerNo},
		{AskConsent, "yes", (*turn).consentYes},
		{AskConsent, "no", (*turn).consentNo},
		{AskConsent, "consent-yes", (*turn).consentYes},
		{AskConsent, "consent-no", (*turn).consentNo},
		{AskPlan, "yes", (*turn).planYes},
		{AskPlan, "no", (*turn).planLater},
		{AskPlan, "change", (*turn).planChange},
		{AskPlan, "plan-yes", (*turn).planYes},
		{AskPlan, "plan-change", (*turn).planChange},
		{AskPlan, "plan-later", (*turn).planLater},
		{AskRated, "no", (*turn).rateNothing},
		{AskRated, anyText, (*turn).rateInWords},
		{AskAfter, anyText, (*turn).afterInWords},

		// buttons that live on cards, and things one can say at any time
		{anytime, "hand", (*turn).offerHandover},
		{anytime, "window", (*turn).showWindow},
		{anytime, "about", (*turn).tellAbout},
		{anytime, "more", (*turn).tellMore},
		{anytime, "apply", (*turn).apply},
		{anytime, "form", (*turn).startForm},
		{anytime, "back", (*turn).backToForm},
		{anytime, "wrong", (*turn).wrongWindow},
		{anytime, "human", (*turn).talkToPeople},
		{anytime, "language", (*turn).askLanguage},
		{anytime, "lang", (*turn).chooseLanguage},
		{anytime, "weary", (*turn).weary},
		{anytime, "vague", (*turn).vague},
		{anytime, "which", (*turn).which},
		{anytime, "status", (*turn).status},
		{anytime, "bot", (*turn).backToBot},
		{anytime, "windows", (*turn).severalWindows},
		{anytime, "send", (*turn).sendToStaff},
		{anytime, "goals", (*turn).listGoals},
		{anytime, "goal", (*turn).showGoal},
		{anytime, "initiative", (*turn).showInitiative},
		{anytime, "help", (*turn).help},
		{anytime, "stop", (*turn).stopNews},
		{anytime, "erase", (*turn).askErase},
		{anytime, "offer-yes", (*turn).offerYes},
		{anytime, "offer-no", (*turn).offerNo},
		{anytime, "consent-yes", (*turn).consentYes},
		{anytime, "consent-no", (*turn).consentNo},
		{anytime, "limit", (*turn).askLimit},
		{anytime, "limit-who", (*turn).limitWho},
		{anytime, "limit-off", (*turn).limitOff},
		{anytime, "revoke", (*turn).revoke},
		{anytime, "plan", (*turn).showPlan},
		{anytime, "plan-yes", (*turn).planYes},
		{anytime, "plan-change", (*turn).planChange},
		{anytime, "plan-later", (*turn).planLater},
		{anytime, "step", (*turn).stepDone},
		{anytime, "rate", (*turn).rate},
		{anytime, "after-fine", (*turn).afterFine},
		{anytime, "after-again", (*turn).afterAgain},
		{anytime, "after-stop", (*turn).afterStop},
		{anytime, "read", (*turn).showUnread},
		{anytime, "hide", (*turn).hide},
	}
}

// answer takes the row for a verb, and reports whether there is one. Typed
// words may only take rows of the open question or commands.
func (t *turn) answer(verb, arg string) bool {
	asked := anytime
	if t.s.Question != nil {
		asked = t.s.Question.Kind
	}
	for _, r := range flow() {
		if r.verb == verb && (r.during == anytime || r.during == asked) {
			r.does(t, arg)
			return true
		}
	}
	return false
}

// commands are the verbs that typed words may take at any time.
var commands = map[string]bool{
	"human": true, "language": true, "lang": true, "status": true, "bot": true,
	"windows": true, "help": true, "stop": true, "erase": true, "form": true, "vague": true, "which": true, "weary": true,
	"goals":  true,
	"revoke": true, "plan": true, "read": true, "hide": true,
}

// tapped follows a button.
func (t *turn) tapped(e Tapped) {
	verb, arg, _ := strings.Cut(e.Data, ":")
	if t.answer(verb, arg) {
		return
	}
	// A button of a question that is over. Nothing is lost: say so and go on.
	t.say("stale")
	t.choices(t.choice("choice.human", "human"))
}

// settings is the room for commands hidden in talk: another language, who has
// my case, talk to people.
func (t *turn) settings(h heard) bool {
	verb, arg, ok := t.b.p.meant(h.text)
	if !ok || !commands[verb] {
		id, ok := t.named(h.text)
		return ok && t.answer("initiative", id)
	}
	if (verb == "human" || verb == "weary" || verb == "vague" || verb == "which") && (t.s.Case != nil || t.s.Question != nil && t.s.Question.Kind == AskHandover) {
		return false // people have it, or are about to: the words go to them
	}
	if verb == "read" && len(t.s.Unread) == 0 {
		return false // an ordinary word
	}
	return t.answer(verb, arg)
}

// question is the room for answers to what the bot asked.
func (t *turn) question(h heard) bool {
	q := t.s.Question
	if q == nil {
		return t.yesToCard(h.text) || t.noToCard(h.text)
	}
	if q.Kind == AskLesson {
		return t.typedLesson(h)
	}
	if data, ok := t.chosen(h.text); ok {
		t.forgetCommand() // an answer to the bot, not words for staff
		verb, arg, _ := strings.Cut(data, ":")
		if arg == "" && (q.Kind == AskOffer || q.Kind == AskConsent || q.Kind == AskPlan) {
			arg = q.Field
		}
		if t.answer(verb, arg) {
			return true
		}
	}
	for _, r := range flow() {
		if r.during == q.Kind && r.verb == anyText {
			r.does(t, h.text)
			return true
		}
	}
	return false
}

// yesToCard takes a bare "yes" under a card for its first button: to be handed
// to people. Nothing goes to anybody yet; what they would read is shown first.
// Where nothing stands there to say yes or no to, the bot asks what it is about.
func (t *turn) yesToCard(text string) bool {
	verb, _, ok := t.b.p.meant(text)
	if !ok || verb != "yes" && verb != "no" || t.s.Case != nil || t.s.Watch != "" {
		return false
	}
	if len(t.s.Shown) == 0 && len(t.s.Heard) == 1 { // these words alone
		t.forgetCommand()
		t.clarify(understand.Result{})
		return true
	}
	if verb != "yes" || len(t.s.Shown) == 0 {
		return false
	}
	w := t.c.Window(t.s.Shown[0])
	if w == nil || !w.People {
		return false
	}
	t.forgetCommand()
	t.offerHandover(w.ID)
	return true
}

// noToCard takes the words of the button 「ちがう」 under a card, typed.
func (t *turn) noToCard(text string) bool {
	if t.s.Case != nil || len(t.s.Shown) == 0 || !t.saysWrong(text) {
		return false
	}
	t.wrongWindow("")
	return true
}

// wrongs are other ways to write the button 「ちがう」, by phraseKey. Not every
// "no" is one: いいえ、大丈夫です turns down what a card offers.
var wrongs = func() map[string]bool {
	keys := map[string]bool{}
	for _, s := range []string{
		"違う", "違います", "違うよ", "違うんです", "違いました", "ちがう", "ちがいます", "ちがうよ", "ちがうんです", "chigau", "chigaimasu",
		"that's not it", "not that", "wrong", "that's wrong", "不对", "不是这个", "不對", "不是這個",
		"아니에요", "그게 아니에요", "틀려요", "không phải", "sai rồi",
	} {
		keys[phraseKey(s)] = true
	}
	return keys
}()

// saysWrong reports a text that means the button 「ちがう」.
func (t *turn) saysWrong(text string) bool {
	key := phraseKey(withoutFillers(text))
	return wrongs[key] || key == phraseKey(t.reply("choice.wrong"))
}

// chosen reads a typed text as one of the open question's choices: its label,
// its number, or words the pack knows.
func (t *turn) chosen(text string) (data string, ok bool) {
	key := phraseKey(text)
	for i, c := range t.s.Question.Choices {
		if phraseKey(c.Label) == key || strconv.Itoa(i+1) == key {
			return c.Data, true
		}
	}
	if verb, arg, ok := t.b.p.meant(text); ok {
		if arg != "" {
			verb += ":" + arg
		}
		return verb, true
	}
	return "", false
}

// IsVerb reports whether typed words may mean this: one of the flow's verbs.
func IsVerb(verb string) bool {
	for _, r := range flow() {
		if r.verb == verb && verb != anyText {
			return true
		}
	}
	return false
}

// PhraseKey is how two short typed texts are compared: those with the same key
// mean the same.
func PhraseKey(s string) string { return phraseKey(s) }

// phraseKey is how short texts are compared: without case, width, spaces,
// marks, and with katakana as hiragana.
func phraseKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'ァ' && r <= 'ヶ':
			return r - 'ァ' + 'ぁ'
		case r == 'ー' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}
