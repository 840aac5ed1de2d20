package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	easyja "github.com/tsunagu-chat/tsunagu/bot/plain"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// shippedContent is the pack that ships.
func shippedContent(t *testing.T) (*bot.Content, *easyja.Plain) {
	t.Helper()
	p, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load the pack: %v, %v", err, problems)
	}
	easy, err := intents.Plain(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return p.Content, easy
}

// longest are the n longest of a list, longest first.
func longest(n int, list ...string) []string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	list = slices.DeleteFunc(slices.Compact(list), blank)
	return list[:min(n, len(list))]
}

// packTexts are the texts of the pack that can come near a case, in one
// language: what the bot says, what staff begin from, answers and windows.
func packTexts(c *bot.Content, l bot.Lang) []string {
	var all []string
	for _, text := range c.Replies[l] {
		all = append(all, text)
	}
	for _, x := range c.Templates {
		all = append(all, x.Text.In(l))
	}
	for _, q := range c.FAQ {
		all = append(all, q.Question.In(l), q.Answer.In(l))
	}
	for _, o := range c.Opportunities {
		all = append(all, o.Name.In(l), o.About.In(l))
	}
	for _, w := range c.Windows {
		all = append(all, w.Name.In(l), w.Plain.In(l), w.Always.In(l))
	}
	slices.Sort(all)
	return all
}

// longestCases are the cases of one language with the longest the pack has:
// names of windows, roles and towns, and its longest sentences for what a
// resident and staff wrote.
func longestCases(pack *bot.Content, l bot.Lang) map[string]desk.Case {
	texts := longest(12, packTexts(pack, l)...)
	windows := slices.Clone(pack.Windows)
	slices.SortStableFunc(windows, func(a, b bot.Window) int {
		return utf8.RuneCountInString(b.Name.In(bot.Ja)) - utf8.RuneCountInString(a.Name.In(bot.Ja))
	})
	ids := make([]string, 0, len(windows))
	for _, w := range windows {
		ids = append(ids, w.ID)
	}
	shown := slices.Clone(ids)
	var town string
	for _, x := range pack.Towns {
		if utf8.RuneCountInString(x.ID) > utf8.RuneCountInString(town) {
			town = x.ID
		}
	}
	for _, o := range pack.Opportunities {
		shown = append(shown, o.ID)
	}
	who := desk.Staff{ID: "U0TANAKA", Name: "立川市社会福祉協議会 総合相談支援係 田中"}
	fresh := aCase()
	fresh.Lang, fresh.Window, fresh.With, fresh.Shown, fresh.Town = l, ids[0], ids[1:8], shown, town
	fresh.Summary, fresh.Gloss = strings.Join(texts, "\n"), texts[0]
	all := map[string]desk.Case{"new": fresh}
	for _, d := range pack.Dangers {
		c := fresh
		c.Danger, c.Window, c.Agreed = d.Kind, d.Window, false
		all["danger "+d.Kind] = c
	}
	busy := fresh
	busy.Status, busy.Holder, busy.TakenAt, busy.Other, busy.About = desk.Taken, who, opened, true, texts[0]
	plan := bot.Plan{Version: 1, Goal: texts[0], Agreed: opened}
	for i, w := range ids[1:9] {
		text := texts[i%len(texts)]
		busy.Team = append(busy.Team, desk.Member{Window: w, Does: text, Who: who, Outside: i%2 == 0})
		busy.Consents = append(busy.Consents, desk.Consent{With: pack.Window(w).Name.In(l), What: text, Text: text, State: desk.ConsentGiven, At: opened})
		busy.Moves = append(busy.Moves, desk.Move{From: w, To: ids[0], By: who, Why: text, At: opened})
		plan.Steps = append(plan.Steps, bot.Step{ID: fmt.Sprintf("1-%d", i), Text: text, Who: bot.StepResident, By: "2026-12-01"})
		busy.Tags = append(busy.Tags, pack.Window(w).Name.In(l))
	}
	busy.Plan, busy.Asked = &plan, &plan
	busy.Offer = &desk.Offer{ID: "o", Window: ids[1], By: who, Why: texts[0], When: texts[1], Agreed: true}
	busy.Next = &desk.Next{Text: texts[0], By: who, Due: opened, Told: true}
	busy.Before = bot.Earlier{Window: ids[0], Closed: opened, Number: "T-234567", Holder: who.Name}
	all["busy"] = busy
	closed := busy
	closed.Status, closed.Outcome, closed.Where, closed.Rating = desk.Closed, desk.Connected, texts[0], &desk.Rating{Score: 1, Words: texts[0]}
	all["closed"] = closed
	return all
}

// TestLongestOfThePackFitsSlack renders every card, line and modal with the
// longest texts that ship, in each language, and holds them to Block Kit.
func TestLongestOfThePackFitsSlack(t *testing.T) {
	t.Parallel()
	pack, easy := shippedContent(t)
	for _, l := range bot.Langs {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			texts := longest(12, packTexts(pack, l)...)
			if len(texts) < 12 {
				t.Fatalf("got %d texts in %s", len(texts), l)
			}
			cases := longestCases(pack, l)
			for _, c := range cases {
				check(t, card(c, []desk.Entry{said(c, 1, opened.Add(-time.Minute), texts[1]), said(c, 2, opened.Add(-time.Second), texts[2])}, pack, false, ""), false)
				check(t, card(c, nil, pack, true, ""), c.Danger != "" && c.Status != desk.Closed)
				check(t, card(c, nil, pack, false, freeLine(longestLoads(), false, true, opened)), false)
				check(t, moved(c, pack, false), false)
				check(t, moved(c, pack, true), false)
				for _, w := range pack.Windows {
					if p := pointer(c, w.ID, pack, longestWay(), true); len(p.blocks) > 0 {
						check(t, p, false)
					}
				}
				if o := c.Offer; o != nil {
					for _, was := range []bool{true, false} {
						if p := offered(c, reception.Pointer{Case: c.ID, Window: o.Window, Offer: o.ID}, pack, longestWay(), was); len(p.blocks) > 0 {
							check(t, p, false)
						}
					}
				}
			}
			taught := lesson.Lesson{ID: "l", State: lesson.Proposed, Text: oneLine(texts[0], lesson.MaxText), Shown: cases["new"].Window, Right: cases["new"].With[0], Lang: l, At: opened}
			check(t, lessonCard(taught, lesson.Effect{Asked: 600}, pack), false)
			checkView(t, "lesson", lessonModal(taught, pack))
			for _, name := range []string{"new", "busy"} {
				c := cases[name]
				longestLines(t, pack, c, texts)
				longestModals(t, pack, easy, name, c, texts)
			}
		})
	}
}

func longestWay() way {
	return way{link: "https://example.slack.com/archives/C0000DESK/p1795485600565798", closed: strings.Repeat("招待", 75)}
}

// longestLoads are more people than a list shows, with the longest names.
func longestLoads() []desk.Load {
	var all []desk.Load
	for i := range 130 {
		who := desk.Staff{ID: fmt.Sprintf("U0%05d", i), Name: "立川市社会福祉協議会 総合相談支援係 <&>田中"}
		all = append(all, desk.Load{Who: who, Open: 120, Heavy: 110, Asleep: 100, Helps: 100, Duty: true, Rests: opened.Add(1000 * time.Hour)})
	}
	return all
}

// longestLines are all lines a thread can have.
func longestLines(t *testing.T, pack *bot.Content, c desk.Case, texts []string) {
	t.Helper()
	who := desk.Staff{ID: "U0TANAKA", Name: "立川市社会福祉協議会 総合相談支援係 田中"}
	whole := string([]rune(strings.Repeat(strings.Join(texts, "\n"), 20))[:5000]) // what LINE takes
	for _, d := range []delivery{{}, {known: true}, {known: true, fate: fateWaits}, {known: true, fate: fateQuota}, {known: true, fate: fateUnclear}, {known: true, fate: fateBlocked}, {known: true, fate: fateLost}} {
		check(t, entry(c, said(c, 1, opened, whole), d, pack), false)
		for _, fate := range []desk.Fate{"", desk.HeldBack, desk.Withdrawn, desk.Lost, desk.OnItsWay, desk.Blocked} {
			check(t, entry(c, desk.Entry{ID: "s", Kind: desk.FromStaff, Fate: fate, At: opened, Text: whole, By: who}, d, pack), false)
		}
	}
	for _, note := range allNotes() {
		for _, text := range []string{texts[0], c.Window + "\n" + texts[0], texts[0] + "\n" + texts[1]} {
			e := desk.Entry{ID: "n", Kind: desk.FromBot, Note: note, At: opened, Text: text, By: who}
			check(t, entry(c, e, delivery{}, pack), calls(note))
		}
	}
	asking := c
	asking.Asking = []desk.PersonAsked{{Who: who, By: who, Entry: "p"}}
	check(t, entry(asking, desk.Entry{ID: "p", Kind: desk.FromBot, Note: desk.NotePerson, At: opened, Text: "U0TANAKA\n" + who.Name + "\n" + texts[0], By: who}, delivery{}, pack), true)
	for _, b := range []desk.Bearer{{Who: who, Asked: 1}, {Who: who, Asked: 1, To: opened}, {Who: who, Asked: 1, Later: opened}, {Who: who, Asked: 1, Talked: opened}, {Who: who, Asked: 2}} {
		lead := bot.Duty{People: []bot.Person{{ID: "U0LEAD", Role: bot.RoleLead}}}
		check(t, kindWord(c, b, 1, lead, opened), b.Asked == 1 && b.Later.IsZero() && b.Talked.IsZero())
		check(t, entry(c, desk.Rests(c, who, opened, opened), delivery{}, &bot.Content{Duty: lead}), true)
	}
	for _, note := range []bot.NoteKind{"", desk.NoteCall} {
		check(t, entry(c, desk.Entry{ID: "m", Kind: desk.Memo, Note: note, At: opened, Text: whole, By: who}, delivery{}, pack), false)
	}
}

// checkView holds a modal against Slack's limits.
func checkView(t *testing.T, name string, v sdk.ModalViewRequest) {
	t.Helper()
	raw, err := encode(v)
	if err != nil {
		t.Fatal(err)
	}
	var view map[string]any
	if err := json.Unmarshal(raw, &view); err != nil {
		t.Fatal(err)
	}
	if problems := slackapi.CheckView(view); len(problems) > 0 {
		t.Errorf("%s: %s: Slack would refuse: %v", name, v.CallbackID, problems)
	}
}

// longestModals are all modals, with a reply in the resident's form.
func longestModals(t *testing.T, pack *bot.Content, easy *easyja.Plain, name string, c desk.Case, texts []string) {
	t.Helper()
	a := aboutCase(c)
	views := []sdk.ModalViewRequest{
		replyModal(a, 3000, texts[0]), moveModal(a, pack), closeModal(a), refuseModal(a), callModal(a), memoModal(a, c), nextModal(a, &bot.Hours{}, opened),
		personModal(a, longestLoads(), "U0", true, opened), snoozeModal(a, &bot.Hours{}, opened), byHandModal(pack, strings.Join(texts, "\n")), unveilModal(a, c, longestTalk(c, texts)), searchModal(""), searchModal(escape(strings.Join(texts, "\n"))),
		showModal(a, pack, opened, "", texts[0]), showModal(a, pack, opened, "窓口", texts[0]), consentModal(a), planModal(a, c), inviteModal(a, pack), templateModal(a, pack), showModal(a, pack, opened, "", ""),
	}
	words := slices.Clone(texts)
	for _, x := range templatesFor(pack, c.Window) {
		words = append(words, strings.NewReplacer("{number}", a.Number, "{staff}", "田中", "{office}", pack.City.Office.In(c.Lang), "{window}", windowIn(pack, c.Window, c.Lang)).Replace(x.Text.In(c.Lang)))
	}
	for _, w := range words {
		views = append(views, replyModal(a, 3000, w))
		var advice []string
		if c.Lang == bot.EasyJa {
			advice, w = easy.Hint(w), easy.ForReader(w)
		}
		d := draft{Words: w}
		if !d.fits() {
			t.Errorf("%s: a text of the pack with %d characters does not fit a reply", name, utf8.RuneCountInString(w))
			continue
		}
		v, err := previewModal(a, d, "立川市社会福祉協議会 総合相談支援係 田中", noteSubmit, advice)
		if err != nil {
			t.Fatalf("%s: preview: %v", name, err)
		}
		views = append(views, v)
	}
	for _, v := range views {
		checkView(t, name, v)
	}
	for r := range moreRefusals() {
		checkNote(t, string(r), refusal(reception.Tell{Case: c.ID, Refused: r, Holder: longName}))
	}
	for _, r := range []desk.Refusal{
		desk.RefusedTaken, desk.RefusedYours, desk.RefusedClosed, desk.RefusedEmpty, desk.RefusedLong, desk.RefusedSame, desk.RefusedGone, "another",
	} {
		checkNote(t, string(r), refusal(reception.Tell{Case: c.ID, Refused: r, Holder: longName}))
	}
	for _, s := range []lesson.State{lesson.Accepted, lesson.Declined} {
		checkNote(t, "lesson", lessonRefusal(lesson.Lesson{State: s, By: lesson.Staff{Name: longName}}, lesson.RefusedDecided))
	}
}

// longName is what a member of staff may be called in Slack.
const longName = "立川市社会福祉協議会 総合相談支援係 & くらし・しごとサポートセンター <田中 花子>（相談支援包括化推進員）"

// longestTalk is a thread with the longest texts, from all who write in one.
func longestTalk(c desk.Case, texts []string) []desk.Entry {
	var out []desk.Entry
	for n, text := range texts {
		for _, kind := range []desk.EntryKind{desk.FromResident, desk.FromStaff, desk.Memo} {
			out = append(out, desk.Entry{ID: fmt.Sprint(kind, n), Case: c.ID, Kind: kind, At: opened, Text: strings.Repeat(text+"\n", 3), By: desk.Staff{ID: "U0TANAKA", Name: longName}})
		}
	}
	return out
}

// checkNote holds what one person reads, an answer of /tsunagu or a whisper,
// against Slack's advice for a message's text, 4,000 characters, and against
// what would look broken: marks escaped twice, calls, empty words.
// https://docs.slack.dev/reference/methods/chat.postMessage#truncating
func checkNote(t *testing.T, name, text string) {
	t.Helper()
	if n := utf8.RuneCountInString(text); n > 4000 || blank(text) {
		t.Errorf("%s: %d characters", name, n)
	}
	for _, bad := range []string{"&amp;amp;", "&amp;lt;", "<!", "<@"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s holds %q:\n%s", name, bad, text)
		}
	}
}

// TestLongestAnswersFitSlack asks everything /tsunagu answers, with the longest
// the pack has in each language, and opens the fullest home and search. The
// stand-in refuses what Slack would.
func TestLongestAnswersFitSlack(t *testing.T) {
	t.Parallel()
	shipped, _ := shippedContent(t)
	for _, l := range bot.Langs {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			content := *shipped
			content.Duty.People = []bot.Person{{ID: tanaka, Role: bot.RoleLead}}
			o, b := openBoard(t)
			o.c.cfg.Content = packOf(&content)
			o.c.cfg.Channel = func(_, danger string) string { return channel("money", danger) }
			texts := longest(12, packTexts(&content, l)...)
			var numbers []string
			n := 0
			for name, c := range longestCases(&content, l) {
				if c.Status == desk.Closed {
					continue
				}
				for range 2 {
					c.ID, c.OpenedAt, c.Holder.Name = fmt.Sprintf("case-%s-%s-%d", l, strings.ReplaceAll(name, " ", "-"), n), opened.Add(time.Duration(n)*time.Minute), longName
					if n%2 == 0 {
						c.Holder.ID = tanaka
					}
					o.begin(c, longestTalk(c, texts[:2])...)
					numbers = append(numbers, c.Number())
					n++
				}
			}
			for i := range 20 {
				who := desk.Staff{ID: fmt.Sprintf("U0%08d", i), Name: longName}
				b.on = append(b.on, who)
				date := time.Now().In(bot.Tokyo).AddDate(0, 0, i).Format(time.DateOnly)
				b.days[date] = desk.Day{Date: date, By: who, At: opened, Periods: []bot.Period{{From: "08:30", To: "12:00"}, {From: "13:00", To: "17:15"}}}
			}
			asks := []string{
				"", "help", "なにこれ " + texts[0], "find " + numbers[0], "find T-ZZZZZZ", "find", "find " + string([]rune(oneLine(texts[0], 12))[:4]), "find どこにも ないことば",
				"hours", "hours さあ", "hours あした 休み", "hours あした もどす", "duty", "duty me", "duty off", "stats", "window", "window " + texts[0], "window の",
			}
			for _, w := range content.Windows {
				asks = append(asks, "window "+w.ID, "window "+w.Name.In(l))
			}
			for _, ask := range asks {
				verb, rest, _ := strings.Cut(ask, " ")
				if a, ok := o.c.verbs(verb); ok {
					checkNote(t, ask, a.do(o.ctx(), slashCommand{User: tanaka}, rest))
				} else {
					var n note
					if err := json.Unmarshal(o.c.command(slashCommand{User: tanaka, Text: ask}).body, &n); err != nil {
						t.Fatal(err)
					}
					checkNote(t, ask, n.Text)
				}
			}
			// Each kind of answer once over the wire: the first, as long as it is.
			for _, ask := range []string{"help", "find " + numbers[0], "hours", "duty", "stats", "window"} {
				seen := len(o.Ephemerals(tanaka))
				if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", ask); err != nil {
					t.Fatal(err)
				}
				if err := o.Wait(o.ctx(), func() bool { return len(o.Ephemerals(tanaka)) > seen }); err != nil {
					t.Errorf("/tsunagu %s was not answered: %v", ask, err)
				}
			}
			if err := o.OpenHome(tanaka); err != nil {
				t.Fatal(err)
			}
			shown := o.home(tanaka, "わたしの相談")
			if strings.Contains(shown, "&amp;") || strings.Contains(shown, "&lt;") {
				t.Errorf("the home shows\n%s", shown)
			}
			if _, err := o.Click(o.ctx(), slackapi.InHome(tanaka), actHome+" "+actSearch); err != nil {
				t.Fatal(err)
			}
			if _, err := o.WaitModal(o.ctx(), tanaka, func(slackapi.View) bool { return true }); err != nil {
				t.Fatal(err)
			}
			for _, find := range []string{string([]rune(oneLine(texts[0], 12))[:4]), numbers[0]} {
				if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: find}); err != nil {
					t.Fatal(err)
				}
				v, _ := o.Modal(tanaka)
				raw, err := json.Marshal(v.Blocks)
				if err != nil {
					t.Fatal(err)
				}
				if got := string(raw); strings.Contains(got, "\\u0026lt;http") || !strings.Contains(got, "/archives/") {
					t.Errorf("the search for %q has no links:\n%s", find, o.PlainView(v))
				}
			}
		})
	}
}
