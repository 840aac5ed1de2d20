package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/story"
)

// townPublic is where residents reach the service, as in a real town. Nothing
// is asked there.
const townPublic = "https://tsunagu.example.jp"

// within is how long a step may take before the story has gone wrong. It is a
// fuse, not a measurement.
const within = 20 * time.Second

// TestStoriesOverTheWire plays the same conversations as bot/story_test.go
// through the real webhook, queues, database, Redis and APIs: each engine in
// turn, the stand-ins strict.
func TestStoriesOverTheWire(t *testing.T) {
	files, err := filepath.Glob("../../bot/testdata/stories/*.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d stories (%v), want at least 40", len(files), err)
	}
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
					text, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					s, err := story.Parse(file, string(text))
					if err != nil {
						t.Fatal(err)
					}
					play(t, engine, s)
				})
			}
		})
	}
}

// stage is one story being played over the wire.
type stage struct {
	t       *testing.T
	town    *town
	service *running
	engine  engine
	user    string
	sent    []string // message ids of the resident, in order
	seen    int      // bubbles of the bot already compared
	data    map[string]string
	twice   bool
	last    []*lineapi.Event
	ephem   map[string]int
	texts   map[string]string // by message id
	unsaid  string            // the text taken back last
	away    bool              // Slack is
}

func play(t *testing.T, e engine, s story.Story) {
	// The story's first time must stand before anything is stored.
	first, err := story.Clock(s.Steps[0].Acts[0], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	st := openStage(t, e, first, townOptions{})
	for _, step := range s.Steps {
		if !st.step(step) {
			t.Fatalf("%s:%d: stopped here", s.Name, step.Line)
		}
	}
	st.quiet()
}

// openStage opens a town at a time, with one resident in it. When the test
// ends everything stops well, and neither LINE nor Slack has anything to
// object to.
func openStage(t *testing.T, e engine, at time.Time, o townOptions) *stage {
	t.Helper()
	o.Log, o.Clock, o.Public = quiet(), &clock{}, cmp.Or(o.Public, townPublic)
	more := o.Slack
	// What Slack allows a second is tested elsewhere; here it would only make
	// a hundred conversations slow.
	o.Slack = func(c *slackapi.Config) {
		c.Limits.Off = true
		if more != nil {
			more(c)
		}
	}
	tw, err := openTown(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tw.Close)
	o.Clock.Set(at)
	st := &stage{t: t, town: tw, engine: e, data: map[string]string{}, ephem: map[string]int{}, texts: map[string]string{}}
	st.service = e.serve(t, tw)
	tw.connect(st.service.url)
	if st.user, err = tw.line.AddUser(lineapi.User{Name: "市民"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// What Slack still wants to tell is heard before the service stops.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), within)
		defer cancel()
		_ = tw.slack.Settle(ctx)
		if err := st.service.stop(); err != nil {
			t.Errorf("the service did not stop well: %v", err)
		}
		for _, v := range tw.line.Violations() {
			t.Errorf("LINE would object: %+v", v)
		}
		for _, v := range tw.slack.Violations() {
			t.Errorf("Slack would object: %+v", v)
		}
	})
	return st
}

func (s *stage) step(step story.Step) bool {
	ctx, cancel := context.WithTimeout(s.t.Context(), within)
	defer cancel()
	first := step.Acts[0]
	var err error
	switch first[0] {
	case '@':
		at, cerr := story.Clock(first, s.town.clock.Now())
		if cerr != nil {
			s.t.Error(cerr)
			return false
		}
		// What is on its way arrives before the time moves: a signature of three
		// hours ago is rightly refused.
		if s.away { // what goes to Slack does not arrive
			heard(ctx, s.service.service, s.town)
		} else {
			s.service.drained(ctx, within)
		}
		if err := s.town.slack.Settle(ctx); err != nil {
			s.t.Error(err)
			return false
		}
		s.service.moveClock(s.town.clock, at)
		if s.away { // what was due happens before Slack is back
			heard(ctx, s.service.service, s.town)
		}
		return len(step.Expect) == 0 || s.expect(ctx, step)
	case '~':
		return s.machines(ctx, story.Said(first)) && (len(step.Expect) == 0 || s.expect(ctx, step))
	case '=':
		s.service.drained(ctx, within) // people are slower than machines
		if len(step.Acts) > 1 && !slices.ContainsFunc(step.Acts, func(act string) bool { return !strings.HasSuffix(act, " takes") }) {
			err = s.takeTogether(ctx, step.Acts)
			break
		}
		for _, act := range step.Acts {
			err = errors.Join(err, s.staff(ctx, story.Said(act)))
		}
	default:
		err = s.resident(ctx, step.Acts)
	}
	if err != nil {
		s.t.Errorf("line %d: %v", step.Line, err)
		return false
	}
	return s.expect(ctx, step)
}

// machines is what happens to the machines; residents and staff must not see it.
func (s *stage) machines(ctx context.Context, what string) bool {
	switch what {
	case "Redis is flushed":
		s.engine.flush(s.t, s.service, s.user)
	case "delivered again":
		for range 2 {
			if r, err := s.town.line.Redeliver(ctx, s.last...); err != nil || !r.OK() {
				s.t.Errorf("redeliver: %+v %v", r, err)
				return false
			}
		}
	case "the next is delivered twice at once":
		s.twice = true
	case "the thread's line comes again under a new id":
		if err := s.town.slack.Redeliver(ctx, s.town.slack.LastEvent("message"), true); err != nil {
			s.t.Error(err)
			return false
		}
	case "Slack loses the next answer":
		s.town.slack.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailAfter, Times: 1})
	case "Slack fails at the next":
		s.town.slack.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailStatus, Times: 1})
	case "Slack asks to wait":
		s.town.slack.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailRateLimited, Times: 2})
	case "Slack is away":
		s.slackAway(ctx, true)
	case "Slack is back":
		s.slackAway(ctx, false)
	default:
		s.t.Errorf("nobody knows how to do %q to the machines", what)
		return false
	}
	return true
}

// slackAway takes Slack away, for longer than a hiccup, or lets it come back;
// then it waits until everything that waited was tried again.
func (s *stage) slackAway(ctx context.Context, away bool) {
	s.t.Helper()
	if away {
		s.service.drained(ctx, within)
		_ = s.town.slack.Settle(ctx)
	}
	s.away = away
	s.town.slack.SetDown(away)
	s.service.slack.Probe(ctx)
	if away {
		s.service.moveClock(s.town.clock, s.town.clock.Now().Add(31*time.Second))
	} else {
		s.service.slack.Look(ctx)
		s.eventually("what waited for Slack is there", func() bool {
			b, err := s.service.store.Backlog(ctx)
			if err == nil && b.Trying > 0 { // a letter that was in hand just then has its pause still to come
				err = s.service.store.Hurry(ctx, reception.SlackLane(""))
				s.service.outbox.Wake()
			}
			return err == nil && b.Trying == 0 && b.Letters == 0
		})
	}
	if got := s.service.slack.Away(); got != away {
		s.t.Errorf("Slack is away: got %v, want %v", got, away)
	}
}

// resident does what the resident's lines say; lines in a row are one delivery.
func (s *stage) resident(ctx context.Context, acts []string) error {
	from := lineapi.Person(s.user)
	var events []*lineapi.Event
	for _, act := range acts {
		said := story.Said(act)
		inner, isAct := strings.CutPrefix(said, "[")
		if !isAct {
			e := s.keep(s.town.line.Message(from, lineapi.Text{Text: said}))
			s.texts[e.MessageID] = said
			events = append(events, e)
			continue
		}
		verb, arg, _ := strings.Cut(strings.TrimSuffix(inner, "]"), " ")
		event, err := s.act(ctx, from, verb, arg)
		if err != nil {
			return err
		}
		if event != nil {
			events = append(events, event)
		}
	}
	if len(events) == 0 {
		return nil
	}
	s.last = events
	if s.twice {
		s.twice = false
		receipts, err := s.town.line.DeliverTimes(ctx, 2, events...)
		for _, r := range receipts {
			if !r.OK() {
				return fmt.Errorf("webhook: %+v", r)
			}
		}
		return err
	}
	r, err := s.town.line.Deliver(ctx, events...)
	if err == nil && !r.OK() {
		err = fmt.Errorf("webhook: %+v", r)
	}
	return err
}

func (s *stage) keep(e *lineapi.Event) *lineapi.Event {
	s.sent = append(s.sent, e.MessageID)
	return e
}

func (s *stage) act(ctx context.Context, from lineapi.Source, verb, arg string) (*lineapi.Event, error) {
	p := s.town.line
	switch verb {
	case "tap":
		if _, err := p.TapLabel(ctx, from, arg); err == nil {
			return nil, nil
		}
		data, ok := s.data[arg] // a button that scrolled away, tapped a moment too late
		if !ok {
			return nil, fmt.Errorf("nothing to tap is called %q", arg)
		}
		return p.Postback(from, data, arg, nil), nil
	case "photo":
		return s.keep(p.Message(from, lineapi.Image{Data: onePixel})), nil
	case "voice":
		return s.keep(p.Message(from, lineapi.Audio{Data: []byte("ID3 voice"), Duration: 2 * time.Second})), nil
	case "video":
		return s.keep(p.Message(from, lineapi.Video{Data: []byte("video"), Duration: 2 * time.Second})), nil
	case "file":
		return s.keep(p.Message(from, lineapi.File{Name: arg, Data: []byte("%PDF-1.4")})), nil
	case "sticker":
		return s.keep(p.Message(from, lineapi.Sticker{Keywords: strings.Fields(arg)})), nil
	case "place":
		return s.keep(p.Message(from, lineapi.Location{Address: arg, Latitude: 35.7, Longitude: 139.4})), nil
	case "unsend":
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 || n > len(s.sent) {
			return nil, fmt.Errorf("unsend %q of %d", arg, len(s.sent))
		}
		s.unsaid = s.texts[s.sent[n-1]]
		return p.Unsend(from, s.sent[n-1]), nil
	case "follow", "unblock":
		return p.Follow(s.user), nil
	case "block":
		return p.Unfollow(s.user), nil
	}
	return nil, fmt.Errorf("nobody knows how to %q", verb)
}

// learn remembers the data behind every label the phone shows.
func (s *stage) learn() {
	ph, _ := s.town.line.Phone(s.user)
	for _, a := range ph.QuickReplies {
		s.data[a.Label] = a.Data
	}
	for _, b := range ph.Bubbles {
		for _, a := range b.Actions {
			if a.Data != "" {
				s.data[a.Label] = a.Data
			}
		}
	}
}

// expect waits until phone and Slack show what the story says.
func (s *stage) expect(ctx context.Context, step story.Step) bool {
	var phone, slack []string
	for _, line := range step.Expect {
		if line[0] == '!' {
			slack = append(slack, story.Said(line))
		} else {
			phone = append(phone, line)
		}
	}
	ok := s.expectPhone(ctx, step, phone)
	s.learn()
	for _, line := range slack {
		if err := s.expectSlack(ctx, line); err != nil {
			s.t.Errorf("line %d: staff should see %q: %v\n%s", step.Line, line, err, s.slackNow())
			ok = false
		}
	}
	return ok
}

func (s *stage) expectPhone(ctx context.Context, step story.Step, want []string) bool {
	var got []string
	_, _ = s.town.line.Wait(ctx, s.user, func(ph lineapi.Phone) bool {
		got = transcript(ph, s.seen)
		return len(got) >= len(want)
	})
	ph, _ := s.town.line.Phone(s.user)
	got = transcript(ph, s.seen)
	s.seen = len(ph.Bot())
	if !slices.Equal(got, want) {
		s.t.Errorf("line %d: the phone shows\n  %s\nthe story says\n  %s", step.Line, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		return false
	}
	return true
}

// transcript writes the bot's bubbles after the first skip as a story does.
func transcript(ph lineapi.Phone, skip int) []string {
	var lines []string
	bot := ph.Bot()
	for _, b := range bot[min(skip, len(bot)):] {
		lines = append(lines, bubbleLines(b)...)
	}
	if len(lines) > 0 && len(ph.QuickReplies) > 0 {
		var labels []string
		for _, a := range ph.QuickReplies {
			labels = append(labels, a.Label)
		}
		lines = append(lines, "? "+strings.Join(labels, " ／ "))
	}
	return lines
}

func bubbleLines(b lineapi.Bubble) []string {
	var m struct {
		Type, Text string
		Sender     struct{ Name string }
		Contents   json.RawMessage
	}
	if err := json.Unmarshal(b.Message, &m); err != nil {
		return []string{"< unreadable"}
	}
	who := ""
	if m.Sender.Name != "" {
		who = m.Sender.Name + "： "
	}
	if m.Type == "image" {
		return []string{strings.Replace(story.PictureBubble, "< ", "< "+who, 1)}
	}
	if m.Type == "text" {
		return []string{strings.Replace(story.Bubble([]string{m.Text}, nil), "< ", "< "+who, 1)}
	}
	var c struct {
		Type     string
		Contents []json.RawMessage
	}
	_ = json.Unmarshal(m.Contents, &c)
	bubbles := []json.RawMessage{m.Contents}
	if c.Type == "carousel" {
		bubbles = c.Contents
	}
	var lines []string
	for _, raw := range bubbles {
		var v any
		_ = json.Unmarshal(raw, &v)
		var texts, buttons []string
		collect(v, &texts, &buttons)
		lines = append(lines, strings.Replace(story.Bubble(texts, buttons), "< ", "< "+who, 1))
	}
	return lines
}

// collect walks a Flex bubble from top to bottom.
func collect(v any, texts, buttons *[]string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			collect(x, texts, buttons)
		}
	case map[string]any:
		kind := v["type"]
		if kind == "box" && v["action"] != nil { // a button with a long label
			kind = "button"
		}
		switch kind {
		case "text":
			*texts = append(*texts, fmt.Sprint(v["text"]))
		case "button":
			if a, ok := v["action"].(map[string]any); ok {
				*buttons = append(*buttons, fmt.Sprint(a["label"]))
			}
			return
		}
		for _, k := range []string{"header", "hero", "body", "footer", "contents"} {
			if x, ok := v[k]; ok {
				collect(x, texts, buttons)
			}
		}
	}
}

// expectSlack waits for what a "!" line says staff see.
func (s *stage) expectSlack(ctx context.Context, line string) error {
	verb, arg, _ := strings.Cut(line, " ")
	content := s.service.bot().Content()
	switch verb {
	case "case", "reopened":
		window := strings.FieldsFunc(arg, func(r rune) bool { return r == ' ' || r == '+' })[0]
		channel := townDesk
		if strings.Contains(arg, " danger ") || strings.Contains(arg, " doubt ") {
			channel = townUrgent
		}
		name := content.Window(window).Name.In(bot.Ja)
		_, about, _ := strings.Cut(arg, " about ")
		_, err := s.town.slack.WaitMessage(ctx, channel, func(m slackapi.Message) bool {
			return m.ThreadTS == "" || m.ThreadTS == m.TS && strings.Contains(s.town.slack.Plain(m), name) && strings.Contains(s.town.slack.Plain(m), about) && len(slackapi.Buttons(m)) > 0
		})
		return err
	case "lesson":
		_, err := s.lessonCard(ctx, arg)
		return err
	case "words":
		first, _, _ := strings.Cut(strings.ReplaceAll(arg, `\n`, "\n"), "\n")
		return s.inThread(ctx, func(m slackapi.Message) bool { return strings.Contains(s.town.slack.Plain(m), first) })
	case "media":
		if arg == string(bot.Sticker) {
			return s.inThread(ctx, func(m slackapi.Message) bool { return m.BotID != "" })
		}
		return s.inThread(ctx, func(m slackapi.Message) bool { return len(m.Files) > 0 })
	case "withdrawn":
		return s.inThread(ctx, func(m slackapi.Message) bool {
			return strings.Contains(s.town.slack.Plain(m), "取り消しました。ご本人には届いていません")
		})
	case "blocked":
		return s.inThread(ctx, func(m slackapi.Message) bool {
			return strings.Contains(s.town.slack.Plain(m), "ブロックしています")
		})
	case "note":
		kind, _, _ := strings.Cut(arg, " ")
		says := noteSays[kind] // of those that have words of their own; else any line
		return s.inThread(ctx, func(m slackapi.Message) bool { return strings.Contains(s.town.slack.Plain(m), says) })
	case "reminded":
		return s.town.slack.Wait(ctx, func() bool {
			m, ok := s.reminder(staffID(arg))
			return ok && strings.Contains(s.town.slack.Plain(m), "話せた") && !strings.Contains(s.town.slack.Plain(m), "死")
		})
	case "returned":
		return s.town.slack.Wait(ctx, func() bool { return s.returned(strings.TrimPrefix(arg, "by ")) })
	case "told":
		for _, member := range townStaff {
			if n := len(s.town.slack.Ephemerals(member.ID)); n > s.ephem[member.ID] {
				s.ephem[member.ID] = n
				return nil
			}
		}
		return s.town.slack.Wait(ctx, func() bool {
			for _, member := range townStaff {
				if n := len(s.town.slack.Ephemerals(member.ID)); n > s.ephem[member.ID] {
					s.ephem[member.ID] = n
					return true
				}
			}
			return false
		})
	case "unsent":
		return s.town.slack.Wait(ctx, func() bool {
			return s.unsaid == "" || !strings.Contains(s.slackNow(), s.unsaid)
		})
	}
	return fmt.Errorf("nobody knows what %q looks like in Slack", verb)
}

// noteSays is what the thread says of some notes.
var noteSays = map[string]string{
	"unanswered": "ご本人が返事を待っています", "passed": "二度目の引き継ぎです", "wish": "ご本人の望みを書きました",
	"limit": "」と言っています。", "limit-off": "言ってもよい",
	"after": "「その後いかがですか」に、ご本人から",
}

// inThread waits until some message below a card fits.
func (s *stage) inThread(ctx context.Context, fits func(slackapi.Message) bool) error {
	return s.town.slack.Wait(ctx, func() bool {
		for _, channel := range []string{townDesk, townUrgent} {
			for _, root := range s.town.slack.Messages(channel) {
				for _, m := range s.town.slack.Thread(channel, root.TS) {
					if m.TS != root.TS && m.BotID != "" && fits(m) {
						return true
					}
				}
			}
		}
		return false
	})
}

func (s *stage) slackNow() string {
	var b strings.Builder
	for _, channel := range []string{townDesk, townUrgent} {
		for _, root := range s.town.slack.Messages(channel) {
			for _, m := range s.town.slack.Thread(channel, root.TS) {
				fmt.Fprintf(&b, "[%s] %s\n", channel, s.town.slack.Plain(m))
			}
		}
	}
	return b.String()
}

// quiet checks that nothing more comes: no second answer, no words of staff
// that were not meant for the resident.
func (s *stage) quiet() {
	s.service.drained(s.t.Context(), within)
	ph, _ := s.town.line.Phone(s.user)
	if extra := transcript(ph, s.seen); len(extra) > 0 {
		s.t.Errorf("the phone shows more than the story says:\n  %s", strings.Join(extra, "\n  "))
	}
}

// onePixel is the smallest picture there is.
var onePixel = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()
