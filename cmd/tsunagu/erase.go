package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/disclosure"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

const eraseHelp = `
RESIDENT is a case's number (T-ABC234), a resident's id (r-…), or a LINE user id (U…).

Everything kept of them is erased from the database and from Redis: words, cases, files, what waits to be
sent, what they allowed to be learned from and nobody decided on. The running service then takes out of
Slack what it posted about them; this command waits for that. Cards under which staff wrote themselves stay
as a note without a name: an app cannot delete what people wrote.

A record stays: who asked for it (--by), when, how much. Nothing in it tells whose data it was.

A danger case that is still open holds it back: somebody may be looking for this person. Close the case
first, or say --force. What must be kept by law, give out first: tsunagu export.

Killed in the middle, or with Slack away: run it again.`

// erasing is what the command was told.
type erasing struct {
	by                     string
	yes, dry, force, tell  bool
	wait                   time.Duration
	given, resident, named string
}

// eraseCommand erases a resident's data.
func eraseCommand(ctx context.Context, args []string, s streams) error {
	f := flags("erase", s)
	var e erasing
	list := f.Bool("list", false, "list what was erased: when, by whom, how much; no names")
	f.StringVar(&e.by, "by", "", "who answers for it; stays on record")
	f.BoolVar(&e.yes, "yes", false, "do not ask")
	f.BoolVar(&e.dry, "dry-run", false, "only tell what would be erased")
	f.BoolVar(&e.force, "force", false, "although a danger case is open")
	f.BoolVar(&e.tell, "tell", false, "send the resident one last message: it was done")
	f.DurationVar(&e.wait, "wait", 2*time.Minute, "how long to wait until Slack is done")
	usage := f.Usage
	f.Usage = func() { usage(); _, _ = fmt.Fprintln(s.err, eraseHelp) }
	if err := parse(f, args); err != nil {
		return err
	}
	cfg, err := e.check(f.Args(), *list, s)
	if err != nil {
		return err
	}
	k, err := openKept(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = k.Close() }()
	if *list {
		return listErasures(ctx, k, s.out)
	}
	if e.resident, e.named, err = k.who(ctx, e.given); errors.Is(err, errNobody) {
		return e.again(ctx, k, s)
	} else if err != nil {
		return err
	}
	return e.run(ctx, cfg, k, s)
}

func (e *erasing) check(given []string, list bool, s streams) (config, error) {
	cfg, err := readConfig(s.env, false)
	if err != nil || list && len(given) == 0 {
		return cfg, err
	}
	if e.given, err = oneResident(given, "erase"); err != nil {
		return cfg, err
	}
	e.by = strings.Join(strings.Fields(e.by), " ")
	switch {
	case e.by == "" && !e.dry:
		return cfg, wrongUsage("--by is missing: who answers for this; the name stays on record")
	case len(e.by) > 200:
		return cfg, wrongUsage("--by is longer than 200 bytes")
	}
	return cfg, nil
}

func (e *erasing) run(ctx context.Context, cfg config, k *kept, s streams) error {
	would, err := k.Erase(ctx, e.resident, store.Wish{DryRun: true})
	if gone(err) {
		return e.again(ctx, k, s)
	}
	if err != nil {
		return err
	}
	held, err := k.held(ctx, e.resident)
	if err != nil {
		return err
	}
	if len(held) > 0 && !e.force && !e.dry {
		return fmt.Errorf("nothing was erased: %s is a danger case and still open, somebody may be looking for this person; close it first, or say --force", strings.Join(held, ", "))
	}
	tellErased(s.out, would)
	if len(held) > 0 {
		_, _ = fmt.Fprintf(s.out, "! %s: a danger case that is still open\n", strings.Join(held, ", "))
	}
	if e.dry {
		_, _ = fmt.Fprintln(s.out, "nothing was erased (--dry-run)")
		return nil
	}
	if err := e.ask(s); err != nil {
		return err
	}
	wish := store.Wish{By: e.by, Force: e.force}
	if e.tell {
		if wish.Last, err = k.lastWord(ctx, cfg, e.resident, s); err != nil {
			return err
		}
	}
	// First, and by a letter once more: whatever kills us between, no live state
	// is left that the next try could not find.
	if k.session != nil {
		if err := k.session.Erase(ctx, e.resident); err != nil {
			return fmt.Errorf("nothing was erased: %w", err)
		}
	}
	done, err := k.Erase(ctx, e.resident, wish)
	if err, ok := errors.AsType[*store.HeldError](err); ok {
		return fmt.Errorf("nothing was erased: a danger case came to be a moment ago: %w", err)
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "erased; on record as %s\n", done.ID)
	return e.await(ctx, k, done.ID, s)
}

// again is for somebody of whom nothing is kept: erased before, perhaps, and
// perhaps not taken out of Slack yet.
func (e *erasing) again(ctx context.Context, k *kept, s streams) error {
	was, err := k.ErasureOf(ctx, e.named)
	if gone(err) {
		return errNobody
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "erased already, %s, on record as %s; nothing is kept\n", disclosure.When(was.At).Ja, was.ID)
	if e.dry {
		return nil
	}
	if was.Failed > 0 {
		if err := k.RetryErasure(ctx, was.ID); err != nil {
			return err
		}
	}
	return e.await(ctx, k, was.ID, s)
}

// await waits until the running service has done the rest.
func (e *erasing) await(ctx context.Context, k *kept, id string, s streams) error {
	for end := time.Now().Add(e.wait); ; {
		list, err := k.Erasures(ctx)
		if err != nil {
			return err
		}
		for _, was := range list {
			switch {
			case was.ID != id:
			case was.Waiting == 0 && was.Failed > 0:
				return fmt.Errorf("%d things in Slack could not be taken out: the service's log says why; run this again within a week when that is mended", was.Failed)
			case was.Waiting == 0:
				_, _ = fmt.Fprintln(s.out, "taken out of Slack and Redis, too")
				return nil
			case time.Now().After(end):
				return fmt.Errorf("erased, but %d things still wait to be taken out of Slack and Redis: does \"tsunagu serve\" run, and reach Slack? It goes on by itself; run this again to see", was.Waiting)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// held are the numbers of a resident's open danger cases.
func (k *kept) held(ctx context.Context, resident string) ([]string, error) {
	cases, err := k.Cases(ctx, store.CaseFilter{Resident: resident, Limit: 10_000})
	if err != nil {
		return nil, err
	}
	var numbers []string
	for _, c := range cases {
		if c.Danger != "" {
			numbers = append(numbers, c.Number())
		}
	}
	return numbers, nil
}

// lastWord is the message that tells a resident it was done. Who may be
// watched gets none: it would be read by whoever holds the phone.
func (k *kept) lastWord(ctx context.Context, cfg config, resident string, s streams) (json.RawMessage, error) {
	r, err := k.Resident(ctx, resident)
	if err != nil {
		return nil, err
	}
	var state bot.State
	if len(r.State) > 0 {
		if err := json.Unmarshal(r.State, &state); err != nil {
			return nil, errors.New("the dialogue's state is not as it was written")
		}
	}
	cases, err := k.Cases(ctx, store.CaseFilter{Resident: resident, Closed: true, Limit: 10_000})
	if err != nil {
		return nil, err
	}
	quiet := state.Quiet || state.Hidden
	for _, c := range cases {
		quiet = quiet || c.Quiet
	}
	switch {
	case quiet:
		_, _ = fmt.Fprintln(s.out, "! somebody may be looking at this phone: no last message is sent")
		return nil, nil
	case r.Gone:
		_, _ = fmt.Fprintln(s.out, "! the account is blocked: no last message can be sent")
		return nil, nil
	}
	pack, err := openPack(cfg.IntentsDir, s.err)
	if err != nil {
		return nil, err
	}
	lang := state.Lang
	if lang == "" {
		lang = bot.Ja
	}
	text := pack.Content.Reply(lang, "erase.done")
	if strings.HasPrefix(text, "[") {
		return nil, wrongUsage("--tell: the content pack has no reply erase.done")
	}
	return bot.EncodeMessages([]bot.Message{bot.Text{Text: text}})
}

// ask lets whoever sits at the terminal confirm.
func (e *erasing) ask(s streams) error {
	if e.yes {
		return nil
	}
	if f, ok := s.in.(*os.File); !ok || !isTerminal(f) {
		return wrongUsage("nobody can be asked here: say --yes")
	}
	_, _ = fmt.Fprint(s.out, "This cannot be undone. Write erase to go on: ")
	return confirmed(s.in)
}

func confirmed(in io.Reader) error {
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(line) != "erase" {
		return errors.New("nothing was erased: not confirmed")
	}
	return nil
}

func isTerminal(f *os.File) bool {
	at, err := f.Stat()
	return err == nil && at.Mode()&os.ModeCharDevice != 0
}

// tellErased lists what goes, a kind a line.
func tellErased(w io.Writer, e store.Erased) {
	_, _ = fmt.Fprintf(w, "cases                   %4d  %s\n", e.Cases, strings.Join(e.Numbers, " "))
	for _, line := range []struct {
		what string
		n    int
	}{
		{"lines of their history", e.Entries},
		{"photos and files", e.Media},
		{"messages, due times", e.Mail},
		{"letters", e.Letters},
		{"proposed to learn from", e.Lessons},
		{"posts in Slack", e.Posts},
	} {
		_, _ = fmt.Fprintf(w, "%-23s %4d\n", line.what, line.n)
	}
}

func listErasures(ctx context.Context, k *kept, w io.Writer) error {
	list, err := k.Erasures(ctx)
	if err != nil {
		return err
	}
	for _, e := range list {
		forced, rest := "", "done"
		if e.Forced {
			forced = "\tforced"
		}
		if e.Waiting+e.Failed > 0 {
			rest = fmt.Sprintf("%d wait, %d failed", e.Waiting, e.Failed)
		}
		r := e.Removed
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\tcases %d, lines %d, files %d, posts %d\t%s%s\n", e.ID, e.At.In(bot.Tokyo).Format("2006-01-02 15:04"), e.By,
			r.Cases, r.Entries, r.Media, r.Posts, rest, forced)
	}
	if len(list) == 0 {
		_, _ = fmt.Fprintln(w, "nothing was erased yet")
	}
	return nil
}
