package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Wish says how a resident's data is to be erased.
type Wish struct {
	By     string // who answers for it; stays on record
	Force  bool   // although a danger case is open
	DryRun bool   // change nothing, and tell what would be changed
	// Last are messages (bot.EncodeMessages) that the resident gets after
	// everything else is gone; empty: none.
	Last json.RawMessage
}

// Erased tells what an Erase removed.
type Erased struct {
	ID      string   `json:"-"` // of the record
	Numbers []string `json:"-"` // of the cases

	Cases   int `json:"cases"`
	Entries int `json:"entries"`
	Media   int `json:"media"`
	Mail    int `json:"mail"`    // messages and due times that were waiting or put aside
	Letters int `json:"letters"` // what was to be sent
	Lessons int `json:"lessons"` // proposed; accepted ones are nobody's
	Posts   int `json:"posts"`   // cards, lines and files in Slack that letters now take out
}

// HeldError reports cases that must be looked at before a resident is erased:
// somebody was in danger, and it is not over.
type HeldError struct{ Numbers []string }

func (e *HeldError) Error() string {
	return "in danger, and still open: " + strings.Join(e.Numbers, ", ")
}

var errDry = errors.New("nothing is to be changed")

// erasing is an Erase under way.
type erasing struct {
	*Store
	resident string
	wish     Wish
	gone     Erased
	contact  []byte
	known    bool // there was a resident, or anything of one
	subjects []string
	held     []string
	numbers  []string
	taken    []reception.Erase // what must leave Slack
	pieces   []string          // of content on its way here
	drop     []any             // seq of letters
}

// Erase removes everything about a resident, in one transaction, and keeps a
// record of that without saying whose it was. What stands in Slack, and the
// live state, leave by letters of the same transaction, so that a process
// killed at any moment leaves nothing half done. It fails with
// reception.ErrNotFound when nothing is kept, with a *HeldError when a danger
// case is open.
//
// A turn that is being decided meanwhile cannot be committed any more. The
// keys of mail stay without body, so that a redelivery does not bring it back;
// figures stay, they are nobody's.
func (s *Store) Erase(ctx context.Context, resident string, w Wish) (Erased, error) {
	var e *erasing
	err := s.alone(ctx, false, func(t tx) error {
		e = &erasing{Store: s, resident: resident, wish: w}
		return e.run(ctx, t)
	})
	if err != nil && !errors.Is(err, errDry) {
		return Erased{}, fmt.Errorf("erase %s: %w", resident, err)
	}
	if err == nil {
		s.engine.scrub(ctx)
	}
	return e.gone, nil
}

func (e *erasing) run(ctx context.Context, t tx) error {
	if err := e.look(ctx, t); err != nil {
		return err
	}
	if len(e.held) > 0 && !e.wish.Force && !e.wish.DryRun {
		return &HeldError{e.held}
	}
	if err := e.remove(ctx, t); err != nil {
		return err
	}
	if !e.known {
		return reception.ErrNotFound
	}
	e.gone.Posts = len(e.taken)
	if e.wish.DryRun {
		return errDry
	}
	return e.record(ctx, t)
}

// look locks what others could change meanwhile, and finds what there is. The
// lanes to Slack are locked, too: a card that is being recorded as posted must
// be seen.
func (e *erasing) look(ctx context.Context, t tx) error {
	id := []any{e.resident}
	each := func(to *[]string) func(func(...any) error) error {
		return func(scan func(...any) error) error {
			var v string
			err := scan(&v)
			*to = append(*to, v)
			e.known = true
			return err
		}
	}
	lanes := []any{e.resident, reception.LineLane(e.resident), "fetch:" + e.resident, "get:" + e.resident, "menu:" + e.resident}
	err := t.run(ctx,
		step{
			sql: `SELECT lane FROM lanes WHERE (box = 0 AND lane = $1) OR (box = 1 AND (lane IN ($2, $3, $4, $5) OR lane LIKE 'slack:%'))
ORDER BY box, lane` + e.engine.lock(),
			args: lanes, row: func(func(...any) error) error { return nil },
		},
		step{sql: `UPDATE lanes SET fence = fence + 1, owner = '', tries = 0, until = 0, due = NULL
WHERE (box = 0 AND lane = $1) OR (box = 1 AND lane IN ($2, $3, $4, $5))`, args: lanes},
		step{sql: `SELECT contact FROM residents WHERE id = $1`, args: id, row: func(scan func(...any) error) error {
			e.known = true
			return scan(&e.contact)
		}},
		step{sql: `SELECT id FROM entries WHERE case_id IN (SELECT id FROM cases WHERE resident = $1)`, args: id, row: each(&e.subjects)},
		step{sql: `SELECT id, number, status, danger FROM cases WHERE resident = $1`, args: id, row: func(scan func(...any) error) error {
			var caseID, number, status, danger string
			err := scan(&caseID, &number, &status, &danger)
			e.known = true
			e.subjects, e.numbers = append(e.subjects, caseID), append(e.numbers, number)
			if status != string(desk.Closed) && danger != "" {
				e.held = append(e.held, number)
			}
			return err
		}},
		// A file can stand in Slack when its content is long deleted here.
		step{sql: `SELECT message_id FROM entries WHERE message_id <> '' AND case_id IN (SELECT id FROM cases WHERE resident = $1)`, args: id, row: each(&e.subjects)},
		step{sql: `SELECT message_id FROM media WHERE resident = $1`, args: id, row: each(&e.subjects)},
		step{sql: `SELECT id FROM lessons WHERE resident = $1`, args: id, row: each(&e.subjects)},
	)
	if err != nil {
		return err
	}
	slices.Sort(e.subjects)
	e.subjects = slices.Compact(e.subjects)
	e.gone.Numbers = e.numbers
	return t.run(ctx, step{
		sql:  `SELECT seq, lane, kind, subject, clear, created FROM letters WHERE state IN (0, 2) AND (lane LIKE 'slack:%' OR lane IN ($1, $2))`,
		args: []any{"fetch:" + e.resident, "get:" + e.resident}, row: e.letter,
	})
}

// letter sorts one that waits, or could not be sent.
func (e *erasing) letter(scan func(...any) error) error {
	var seq, created int64
	var lane, kind, subject string
	var clear bool
	if err := scan(&seq, &lane, &kind, &subject, &clear, &created); err != nil {
		return err
	}
	if !strings.HasPrefix(lane, "slack:") {
		e.pieces = append(e.pieces, subject, reception.PreviewID(subject)) // content that may be arriving just now
		return nil
	}
	at := strings.LastIndexByte(subject, '@')
	if at < 0 || kind == reception.LetterErase {
		return nil
	}
	about, _, _ := strings.Cut(subject[:at], "/")
	if !slices.Contains(e.subjects, about) {
		return nil
	}
	e.drop = append(e.drop, seq)
	// A line or a file that arrived unseen is found below its card.
	// A private word names no more than the case's number.
	if !clear && kind != reception.LetterEntry && kind != reception.LetterFile && kind != reception.LetterTalk {
		e.taken = append(e.taken, reception.Erase{Kind: kind, Subject: subject, Since: moment(created)})
	}
	return nil
}

// remove deletes it all.
func (e *erasing) remove(ctx context.Context, t tx) error {
	into := func(n *int) func(int64) error {
		return func(rows int64) error {
			*n += int(rows)
			e.known = e.known || rows > 0
			return nil
		}
	}
	var cards []reception.Erase
	posted := func(scan func(...any) error) error {
		var p reception.Erase
		err := scan(&p.Kind, &p.Subject, &p.Ref)
		if p.Kind == reception.LetterCard {
			cards = append(cards, p)
		} else {
			e.taken = append(e.taken, p)
		}
		return err
	}
	steps := deletePosts(e.subjects, posted)
	for _, seq := range e.drop {
		steps = append(steps, step{sql: `DELETE FROM letters WHERE seq = $1`, args: []any{seq}, done: into(&e.gone.Letters)})
	}
	id, now := []any{e.resident}, millis(e.now())
	steps = append(steps,
		step{sql: `DELETE FROM entries WHERE case_id IN (SELECT id FROM cases WHERE resident = $1)`, args: id, done: into(&e.gone.Entries)},
		step{sql: `DELETE FROM cases WHERE resident = $1`, args: id, done: into(&e.gone.Cases)},
		step{sql: `DELETE FROM media WHERE resident = $1`, args: id, done: into(&e.gone.Media)},
		step{sql: `DELETE FROM lessons WHERE resident = $1`, args: id, done: into(&e.gone.Lessons)}, // accepted ones are nobody's
		step{
			// Letters about a resident's cases are named for the resident. The last
			// word of an earlier erasure is not theirs.
			sql: `DELETE FROM letters WHERE (lane IN ($1, $2, $3, $4) AND id NOT LIKE 'erase:%') OR (id >= $5 AND id < $6)`,
			args: []any{
				reception.LineLane(e.resident), "fetch:" + e.resident, "get:" + e.resident, "menu:" + e.resident, e.resident + "@", e.resident + "A",
			},
			done: into(&e.gone.Letters),
		},
		step{
			sql:  `UPDATE mail SET state = 1, body = $1, done_at = CASE WHEN done_at = 0 THEN $2 ELSE done_at END WHERE lane = $3 AND (state <> 1 OR length(body) > 0)`,
			args: []any{[]byte{}, now, e.resident}, done: into(&e.gone.Mail),
		},
		step{sql: `DELETE FROM residents WHERE id = $1`, args: id},
	)
	for _, piece := range e.pieces {
		// Content that is being fetched must not be kept when it comes.
		steps = append(steps, step{
			sql: `INSERT INTO media (message_id, resident, mime, name, size, content, forgotten, expires) VALUES ($1, '', '', $2, 0, $2, TRUE, $3)
ON CONFLICT (message_id) DO UPDATE SET resident = '', mime = '', name = excluded.name, size = 0, content = excluded.content, forgotten = TRUE`,
			args: []any{piece, []byte{}, now + (24 * time.Hour).Milliseconds()},
		})
	}
	err := t.run(ctx, steps...)
	// A card comes last: taking it out looks through its thread once more.
	late := slices.DeleteFunc(slices.Clone(e.taken), func(p reception.Erase) bool { return p.Kind != reception.LetterCard })
	e.taken = slices.DeleteFunc(e.taken, func(p reception.Erase) bool {
		return p.Kind == reception.LetterCard || p.Ref == "" && e.stands(p)
	})
	for _, p := range late {
		if !slices.ContainsFunc(cards, func(c reception.Erase) bool { return c.Subject == p.Subject }) {
			cards = append(cards, p)
		}
	}
	e.taken = append(e.taken, cards...)
	return err
}

// deletePosts deletes where things about these cases, entries, messages and
// lessons were posted; taken gets what must leave Slack.
func deletePosts(subjects []string, taken func(scan func(...any) error) error) []step {
	var steps []step
	for _, id := range subjects {
		// All of case@channel: the sign after @ is A. All of case/window@channel:
		// the sign after / is 0.
		ranges := [][3]string{{reception.LetterPoint, id + "/", id + "0"}, {reception.LetterTalk, id + "/", id + "0"}}
		for _, kind := range []string{reception.LetterEntry, reception.LetterFile, reception.LetterLesson, reception.LetterCard} {
			ranges = append(ranges, [3]string{kind, reception.CaseAt(id, ""), id + "A"})
		}
		for _, r := range ranges {
			steps = append(steps, step{
				sql:  `DELETE FROM posts WHERE kind = $1 AND subject >= $2 AND subject < $3 RETURNING kind, subject, ref`,
				args: []any{r[0], r[1], r[2]}, row: taken,
			})
		}
	}
	return steps
}

// stands reports whether it is known where a post is.
func (e *erasing) stands(p reception.Erase) bool {
	return slices.ContainsFunc(e.taken, func(x reception.Erase) bool { return x.Kind == p.Kind && x.Subject == p.Subject && x.Ref != "" })
}

// record keeps that it was done, and writes the letters.
func (e *erasing) record(ctx context.Context, t tx) error {
	e.gone.ID = "E-" + rand.Text()[:8]
	counts, err := json.Marshal(e.gone)
	if err != nil {
		return fmt.Errorf("write what was erased: %w", err)
	}
	marks := []string{e.mark(e.resident)}
	for _, number := range e.numbers {
		marks = append(marks, e.mark(number))
	}
	letters, err := e.letters()
	if err != nil {
		return err
	}
	j := &job{steps: []step{{
		sql:  `INSERT INTO erasures (id, at, by_name, forced, counts, marks) VALUES ($1, $2, $3, $4, $5, $6)`,
		args: []any{e.gone.ID, millis(e.now()), e.wish.By, e.wish.Force && len(e.held) > 0, string(counts), strings.Join(marks, " ")},
	}}}
	e.addLetters(j, letters, millis(e.now()))
	slices.SortStableFunc(j.locks, func(a, b lock) int { return strings.Compare(a.lane, b.lane) })
	var steps []step
	for _, l := range fewer(j.locks) {
		steps = append(steps, l.step(e.engine))
	}
	return t.run(ctx, append(steps, j.steps...)...)
}

func (e *erasing) letters() ([]mailbox.Letter, error) {
	var list []mailbox.Letter
	add := func(lane, kind, name string, body any) error {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write letter: %w", err)
		}
		list = append(list, mailbox.Letter{ID: erasureLetter(e.gone.ID) + name, Lane: lane, Kind: kind, Body: b})
		return nil
	}
	for i, p := range e.taken {
		if err := add(laneOf(p), reception.LetterErase, fmt.Sprint(i+1), p); err != nil {
			return nil, err
		}
	}
	// A lane of its own, as the resident's is closed.
	if err := add("forget:"+e.gone.ID, reception.LetterForget, "live", reception.Forget{Resident: e.resident}); err != nil {
		return nil, err
	}
	if len(e.wish.Last) == 0 || e.contact == nil {
		return list, nil
	}
	to, err := e.seal.Open("residents.contact:"+e.resident, e.contact)
	if err != nil {
		return nil, err
	}
	return list, add(reception.LineLane(e.resident), reception.LetterSay, "told", reception.Say{To: string(to), Messages: e.wish.Last})
}

// laneOf is the lane of the channel where something was posted.
func laneOf(p reception.Erase) string {
	return reception.SlackLane(p.Subject[strings.LastIndexByte(p.Subject, '@')+1:])
}

// erasureLetter begins the ids of an erasure's letters.
func erasureLetter(id string) string { return "erase:" + id + "/" }

// mark is what is kept of a name: enough to know it again, not to find it.
func (s *Store) mark(name string) string {
	mac := hmac.New(sha256.New, s.pepper)
	mac.Write([]byte("erased\x00" + name))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:15]))
}

// Erasure is the record of an Erase.
type Erasure struct {
	ID      string
	At      time.Time
	By      string
	Forced  bool // a danger case was open
	Removed Erased
	Waiting int // letters that have not done their work yet
	Failed  int // letters that never can
}

// Erasures lists what was erased, oldest first.
func (s *Store) Erasures(ctx context.Context) ([]Erasure, error) { return s.erasures(ctx, "") }

// ErasureOf returns the newest erasure of who was known by a pseudonym or as
// the resident of a case with this number, or reception.ErrNotFound.
func (s *Store) ErasureOf(ctx context.Context, name string) (Erasure, error) {
	list, err := s.erasures(ctx, s.mark(name))
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("look for an erasure: %w", reception.ErrNotFound)
	}
	if err != nil {
		return Erasure{}, err
	}
	return list[len(list)-1], nil
}

func (s *Store) erasures(ctx context.Context, mark string) ([]Erasure, error) {
	var list []Erasure
	err := s.query(ctx, func(scan func(...any) error) error {
		var e Erasure
		var at int64
		var counts, marks string
		if err := scan(&e.ID, &at, &e.By, &e.Forced, &counts, &marks); err != nil {
			return err
		}
		if mark != "" && !slices.Contains(strings.Fields(marks), mark) {
			return nil
		}
		e.At, e.Removed.ID = moment(at), e.ID
		list = append(list, e)
		return json.Unmarshal([]byte(counts), &list[len(list)-1].Removed)
	}, `SELECT id, at, by_name, forced, counts, marks FROM erasures ORDER BY at, id`)
	for i := 0; err == nil && i < len(list); i++ {
		e := &list[i]
		from := erasureLetter(e.ID)
		err = s.query(ctx, func(scan func(...any) error) error {
			var state, n int
			err := scan(&state, &n)
			if state == 0 {
				e.Waiting = n
			} else {
				e.Failed = n
			}
			return err
		}, `SELECT state, count(*) FROM letters WHERE id >= $1 AND id < $2 AND state IN (0, 2)
AND kind IN ('slack.erase', 'redis.forget') GROUP BY state`, from, strings.TrimSuffix(from, "/")+"0")
	}
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	return list, nil
}

// RetryErasure lets letters of an erasure that were given up try again.
func (s *Store) RetryErasure(ctx context.Context, id string) error {
	from, now := erasureLetter(id), millis(s.now())
	to := strings.TrimSuffix(from, "/") + "0"
	err := s.alone(ctx, false, func(t tx) error {
		return t.run(ctx,
			step{
				sql: `UPDATE lanes SET due = $1 WHERE box = 1 AND (due IS NULL OR due > $1)
AND lane IN (SELECT lane FROM letters WHERE id >= $2 AND id < $3 AND state = 2)`,
				args: []any{now, from, to},
			},
			step{
				sql:  `UPDATE letters SET state = 0, done_at = 0, tries = 0, created = $1, not_before = $1 WHERE id >= $2 AND id < $3 AND state = 2`,
				args: []any{now, from, to},
			},
		)
	})
	if err != nil {
		return fmt.Errorf("try erasure %s again: %w", id, err)
	}
	return nil
}

// ResidentOf returns whose cases have a number: one, or several when the
// number was given twice.
func (s *Store) ResidentOf(ctx context.Context, number string) (residents []string, err error) {
	err = s.query(ctx, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		residents = append(residents, id)
		return err
	}, `SELECT DISTINCT resident FROM cases WHERE number = $1 ORDER BY resident`, strings.ToUpper(number))
	if err != nil {
		return nil, fmt.Errorf("read case by number: %w", err)
	}
	return residents, nil
}
