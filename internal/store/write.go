package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/insight"
)

// step is one statement of a transaction.
type step struct {
	sql  string
	args []any
	row  func(scan func(dest ...any) error) error // called for each row; nil: no rows are expected
	done func(rows int64) error                   // told how many rows came or changed; an error undoes the transaction
}

// tx runs steps in order, on PostgreSQL in one round trip.
type tx interface {
	run(ctx context.Context, steps ...step) error
}

// job is a transaction as data, so that several can be written together.
type job struct {
	ctx     context.Context
	locks   []lock
	steps   []step
	tail    []step          // after the steps of all jobs of the group
	counts  []figure        // added up over the group
	tallies []insight.Tally // likewise
	err     chan error
}

// write commits a job, together with others that wait. When it returns ctx's
// error the job may still become true.
func (s *Store) write(ctx context.Context, j *job) error {
	j.ctx, j.err = ctx, make(chan error, 1)
	if err := ctx.Err(); err != nil {
		return err
	}
	if !s.group.put(ctx, j) {
		if err := ctx.Err(); err != nil {
			return err
		}
		return errClosed
	}
	select {
	case err := <-j.err:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// alone runs a transaction of its own, for work whose later steps depend on
// what the earlier ones found.
func (s *Store) alone(ctx context.Context, passing bool, work func(tx) error) error {
	var err error
	for range 3 {
		if err = s.engine.transact(ctx, passing, work); err == nil || !s.engine.again(err) {
			return err
		}
	}
	return err
}

var errClosed = errors.New("the store is closed")

// group writes jobs that arrive while a commit runs together with the next:
// one transaction, one flush to the disk. It never waits for company.
type group struct {
	engine   engine
	together int // jobs that share a transaction at most
	jobs     chan *job
	quit     chan struct{}
	wait     sync.WaitGroup
	once     sync.Once
}

const (
	// company is how many jobs share a transaction at most.
	company = 128
	// patience is how long a transaction of a group may take.
	patience = 30 * time.Second
)

func newGroup(e engine, owner string) *group {
	g := &group{engine: e, together: company, jobs: make(chan *job, company), quit: make(chan struct{})}
	for n := range e.writers() {
		g.wait.Go(func() { g.work(fmt.Sprintf("%s-%d", owner, n)) })
	}
	return g
}

func (g *group) put(ctx context.Context, j *job) bool {
	select {
	case <-g.quit:
		return false
	default:
	}
	select {
	case g.jobs <- j:
		return true
	case <-ctx.Done():
		return false
	case <-g.quit:
		return false
	}
}

func (g *group) stop() {
	g.once.Do(func() { close(g.quit) })
	g.wait.Wait()
}

func (g *group) work(writer string) {
	for {
		select {
		case j := <-g.jobs:
			g.commit(writer, g.gather(j))
		case <-g.quit:
			for { // what was put before the stop is still written
				select {
				case j := <-g.jobs:
					g.commit(writer, g.gather(j))
				default:
					return
				}
			}
		}
	}
}

// gather takes what waits already.
func (g *group) gather(first *job) []*job {
	jobs := []*job{first}
	for len(jobs) < g.together {
		select {
		case j := <-g.jobs:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// commit writes jobs together. When one of them cannot be, each is written by
// itself, so that nobody fails because of a neighbour.
func (g *group) commit(writer string, jobs []*job) {
	jobs = slices.DeleteFunc(jobs, func(j *job) bool {
		err := j.ctx.Err()
		if err != nil {
			j.err <- err
		}
		return err != nil
	})
	if len(jobs) == 0 {
		return
	}
	err := g.transact(writer, jobs)
	if err == nil || len(jobs) == 1 || errors.Is(err, errUnclear) {
		for _, j := range jobs {
			j.err <- err
		}
		return
	}
	for _, j := range jobs {
		j.err <- g.transact(writer, []*job{j})
	}
}

func (g *group) transact(writer string, jobs []*job) (err error) {
	defer func() {
		if r := recover(); r != nil { // a bug in a step must not end all writing
			err = fmt.Errorf("write transaction: panic: %v", r)
		}
	}()
	// The jobs' own contexts do not count any more: one caller who gives up
	// must not undo the others' work.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(jobs[0].ctx), patience)
	defer cancel()
	var locks []lock
	var steps []step
	for _, j := range jobs {
		locks = append(locks, j.locks...)
	}
	// All lanes are locked first and in one order, so that two transactions
	// never wait for each other in a ring.
	slices.SortStableFunc(locks, func(a, b lock) int {
		if a.box != b.box {
			return int(a.box) - int(b.box)
		}
		return strings.Compare(a.lane, b.lane)
	})
	locks = fewer(locks)
	for _, l := range locks {
		steps = append(steps, l.step(g.engine))
	}
	for _, j := range jobs {
		steps = append(steps, j.steps...)
	}
	for _, j := range jobs {
		steps = append(steps, j.tail...)
	}
	steps = append(steps, addUp(writer, jobs)...)
	for range 3 {
		err = g.engine.transact(ctx, false, func(t tx) error { return t.run(ctx, steps...) })
		if err == nil || !g.engine.again(err) {
			return err
		}
	}
	return err
}

// addUp counts what a group's jobs count, once for each figure. Every writer
// has its own rows, so that two writers never wait for each other there.
func addUp(writer string, jobs []*job) []step {
	counts, tallies := map[figure]int64{}, map[tally]int64{}
	for _, j := range jobs {
		for _, f := range j.counts {
			counts[f]++
		}
		for _, t := range j.tallies {
			n := int64(t.N)
			t.N = 0
			tallies[tally(t)] += n
		}
	}
	steps := make([]step, 0, len(counts)+len(tallies))
	for _, f := range slices.SortedFunc(maps.Keys(counts), figure.compare) {
		steps = append(steps, f.add(writer, counts[f]))
	}
	for _, t := range slices.SortedFunc(maps.Keys(tallies), tally.compare) {
		steps = append(steps, t.add(writer, tallies[t]))
	}
	return steps
}
