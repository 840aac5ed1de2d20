package lineapi

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// FailureKind is what happens to a request.
type FailureKind string

// The kinds of failures.
const (
	// JustDelay only waits.
	JustDelay FailureKind = "delay"
	// Answer500 answers 500; with After the request was carried out first.
	Answer500 FailureKind = "500"
	// AnswerRate answers 429 with the words of the rate limit.
	AnswerRate FailureKind = "429 rate"
	// AnswerQuota answers 429 with the words of the monthly limit.
	AnswerQuota FailureKind = "429 quota"
	// Answer400 answers 400 for no reason of the caller's.
	Answer400 FailureKind = "400"
	// CloseConnection drops the connection without an answer; with After the
	// request was carried out first, which the caller cannot tell.
	CloseConnection FailureKind = "close"
)

// Failure is a failure to order.
type Failure struct {
	Endpoint Endpoint      // EndpointAny means all
	Kind     FailureKind   // what happens
	After    bool          // after carrying the request out, not before
	Delay    time.Duration // wait this long first: before the request, or (After) before its answer
	Times    int           // strike this often, then never again; 0 means always
	Chance   float64       // of striking, from 0 to 1; 0 means always
}

// Fail orders a failure. Of several that fit a request the oldest strikes.
// Requests with a wrong token never meet them. The function returned takes
// the order back.
func (p *Platform) Fail(f Failure) (cancel func(), err error) {
	switch f.Kind {
	case JustDelay:
		if f.Delay <= 0 {
			return nil, errors.New("lineapi: order a delay: it has no length")
		}
	case Answer500, CloseConnection:
	case AnswerRate, AnswerQuota, Answer400:
		if f.After {
			return nil, fmt.Errorf("lineapi: order %q: LINE never carries out what it answers so", f.Kind)
		}
	default:
		return nil, fmt.Errorf("lineapi: order a failure: kind %q is unknown", f.Kind)
	}
	if f.Times < 0 || f.Chance < 0 || f.Chance > 1 || f.Delay < 0 {
		return nil, errors.New("lineapi: order a failure: times, chance or delay is out of range")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	order := &f
	p.failures = append(p.failures, order)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.dropFailure(order)
	}, nil
}

// ClearFailures takes all orders back.
func (p *Platform) ClearFailures() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failures = nil
}

func (p *Platform) dropFailure(order *Failure) {
	for i, f := range p.failures {
		if f == order {
			p.failures = append(p.failures[:i:i], p.failures[i+1:]...)
			return
		}
	}
}

// pickFailure returns what strikes this request, or nil.
func (p *Platform) pickFailure(e Endpoint) *Failure {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.failures {
		if f.Endpoint != EndpointAny && f.Endpoint != e {
			continue
		}
		if f.Chance > 0 && p.chance.Float64() >= f.Chance {
			continue
		}
		if f.Times == 1 {
			p.dropFailure(f)
		} else if f.Times > 1 {
			f.Times--
		}
		p.counters.Failed++
		struck := *f
		return &struck
	}
	return nil
}

// failBefore strikes before anything is done; no status means carry on.
func (p *Platform) failBefore(r *http.Request, f *Failure) answer {
	p.wait(r, f.Delay)
	switch f.Kind {
	case JustDelay:
	case Answer500:
		return decline(http.StatusInternalServerError, "Internal Server Error")
	case AnswerRate:
		return decline(http.StatusTooManyRequests, rateMessage)
	case AnswerQuota:
		return decline(http.StatusTooManyRequests, quotaMessage)
	case Answer400:
		return decline(http.StatusBadRequest, "Bad Request")
	case CloseConnection:
		panic(http.ErrAbortHandler) // the server closes the connection without a word
	}
	return answer{}
}

// failAfter strikes when the deed is done.
func (p *Platform) failAfter(c *call, f *Failure, done answer) answer {
	p.wait(c.r, f.Delay)
	if f.Kind == CloseConnection {
		p.unheard(c)
		panic(http.ErrAbortHandler)
	}
	if f.Kind == Answer500 {
		p.unheard(c)
		return decline(http.StatusInternalServerError, "Internal Server Error")
	}
	return done
}

func (p *Platform) wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done(): // a caller that hung up still gets its request carried out
	case <-p.stop:
	}
}
