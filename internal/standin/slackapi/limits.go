package slackapi

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// tier is Slack's class of a method: so many calls a minute.
// https://docs.slack.dev/apis/web-api/rate-limits
type tier int

const (
	tierSpecial tier = iota // several hundred a minute
	tier1
	tier2
	tier3
	tier4
)

func (t tier) perMinute() int { return [...]int{600, 1, 20, 50, 100}[t] }

// burst is how many calls a rested method takes at once. Tier 1 tolerates "a
// small amount of burst"; ten is what Socket Mode's ten connections need.
func (t tier) burst() int { return [...]int{600, 10, 20, 50, 100}[t] }

// limiter counts calls in token buckets, one for each method, one for posts
// into each channel, one for posts of the whole workspace.
type limiter struct {
	cfg     Limits
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newLimiter(cfg Limits) *limiter {
	return &limiter{cfg: cfg, buckets: map[string]*rate.Limiter{}}
}

// bucket is one limit to charge.
type bucket struct {
	key    string
	perSec float64
	burst  int
}

func (l *limiter) forMethod(m method) bucket {
	perMinute, burst := m.tier.perMinute(), m.tier.burst()
	if n, ok := l.cfg.PerMinute[m.name]; ok {
		perMinute, burst = n, max(1, n)
	}
	return bucket{"method " + m.name, float64(perMinute) / 60, burst}
}

func (l *limiter) forPost(channel string) []bucket {
	perMinute := l.cfg.PostsPerMinute
	return []bucket{
		{"post " + channel, l.cfg.PostsPerSecond, l.cfg.PostBurst},
		{"posts", float64(perMinute) / 60, perMinute},
	}
}

// charge takes one call from every bucket, or none and tells how long to wait.
func (l *limiter) charge(now time.Time, buckets ...bucket) time.Duration {
	if l.cfg.Off {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken []*rate.Reservation
	var wait time.Duration
	for _, b := range buckets {
		lim := l.buckets[b.key]
		if lim == nil {
			lim = rate.NewLimiter(rate.Limit(b.perSec), b.burst)
			l.buckets[b.key] = lim
		}
		r := lim.ReserveN(now, 1)
		taken = append(taken, r)
		wait = max(wait, r.DelayFrom(now))
	}
	if wait > 0 {
		for _, r := range taken {
			r.CancelAt(now)
		}
	}
	return wait
}
