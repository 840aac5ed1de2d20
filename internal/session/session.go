// Package session owns the live state of dialogues in Redis, and the limits on
// how often somebody may do something.
//
// Nothing here is the truth: the database keeps a copy of every turn's state,
// and the turn number tells which is newer. So every error of this package may
// be met by going on without Redis, and a Redis that is away is soon not even
// asked, so that it slows nobody down. States are sealed (package seal).
package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
)

// Config of a Session.
type Config struct {
	// URL is redis://… or rediss://…, or several of them separated by commas
	// for a Cluster (account and TLS are taken from the first). Empty: a Redis
	// inside this process, whose content ends with it.
	URL     string
	Seal    *seal.Seal    // required
	Timeout time.Duration // of one call, all in all; 0: 200 ms
	Rest    time.Duration // how long Redis is left alone after it failed; 0: 3 s
}

// Session keeps live state. It is safe for concurrent use.
type Session struct {
	client   redis.UniversalClient
	embedded *miniredis.Miniredis // nil with a real Redis
	seal     *seal.Seal
	timeout  time.Duration
	fuse     fuse
}

// ErrResting reports that Redis failed a moment ago and was not asked.
var ErrResting = errors.New("redis failed a moment ago and is left alone")

// Open makes a Session. It does not wait for Redis: a service must start when
// Redis is away. Ping tells.
func Open(cfg Config) (*Session, error) {
	if cfg.Seal == nil {
		return nil, errors.New("session: Seal is required")
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 200 * time.Millisecond
	}
	if cfg.Rest == 0 {
		cfg.Rest = 3 * time.Second
	}
	s := &Session{seal: cfg.Seal, timeout: cfg.Timeout, fuse: fuse{rest: cfg.Rest}}
	options, err := s.options(cfg)
	if err != nil {
		return nil, err
	}
	s.client = redis.NewUniversalClient(options)
	return s, nil
}

// Embedded makes a Session on a Redis inside this process.
func Embedded(s *seal.Seal) (*Session, error) { return Open(Config{Seal: s}) }

func (s *Session) options(cfg Config) (*redis.UniversalOptions, error) {
	o := &redis.UniversalOptions{
		DialTimeout: cfg.Timeout, ReadTimeout: cfg.Timeout, WriteTimeout: cfg.Timeout, PoolTimeout: cfg.Timeout,
		ContextTimeoutEnabled: true,
		MaxRetries:            -1, // the fuse decides
		DialerRetries:         1,
		DisableIdentity:       true,
		MaintNotificationsConfig: &maintnotifications.Config{
			Mode: maintnotifications.ModeDisabled, // not every Redis knows it
		},
	}
	if cfg.URL == "" {
		s.embedded = miniredis.NewMiniRedis()
		s.embedded.ClockTTL(true) // or nothing would ever expire
		o.Addrs = []string{"embedded"}
		o.Dialer = func(context.Context, string, string) (net.Conn, error) { return s.embedded.Dial() }
		return o, nil
	}
	for i, part := range strings.Split(cfg.URL, ",") {
		one, err := redis.ParseURL(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("redis address %d is not redis://… or rediss://…", i+1) // its own error quotes the password
		}
		o.Addrs = append(o.Addrs, one.Addr)
		if i == 0 {
			o.Username, o.Password, o.DB, o.TLSConfig = one.Username, one.Password, one.DB, one.TLSConfig
		}
	}
	return o, nil
}

// Close ends all connections, and the embedded Redis.
func (s *Session) Close() error {
	err := s.client.Close()
	if s.embedded != nil {
		s.embedded.Close()
	}
	return err
}

// Kind names what stands behind: redis or embedded.
func (s *Session) Kind() string {
	if s.embedded != nil {
		return "embedded"
	}
	return "redis"
}

// The braces make a Cluster keep all keys of one name on one node.
func stateKey(resident string) string { return "tsunagu:{" + resident + "}:state" }
func rateKey(key string) string       { return "tsunagu:{" + key + "}:rate" }

// place binds a state to its resident and turn: an older one put back by
// somebody does not open as the newer.
func place(resident string, number int64) string {
	return "session.state:" + resident + ":" + strconv.FormatInt(number, 10)
}

// Load returns the state of a resident's turn number; ok is false when Redis
// has none.
func (s *Session) Load(ctx context.Context, resident string) (number int64, state []byte, ok bool, err error) {
	var values []any
	err = s.call(ctx, func(ctx context.Context) (err error) {
		values, err = s.client.HMGet(ctx, stateKey(resident), "n", "s").Result()
		return err
	})
	if err != nil {
		return 0, nil, false, fmt.Errorf("load live state: %w", err)
	}
	n, okN := values[0].(string)
	sealed, okS := values[1].(string)
	if !okN || !okS {
		return 0, nil, false, nil
	}
	if n == erasedTurn {
		return 0, nil, false, nil
	}
	if number, err = strconv.ParseInt(n, 10, 64); err != nil {
		return 0, nil, false, errors.New("load live state: its turn number is not one")
	}
	if state, err = s.seal.Open(place(resident, number), []byte(sealed)); err != nil {
		return 0, nil, false, fmt.Errorf("load live state: %w", err)
	}
	return number, state, true, nil
}

// save writes unless a later turn stands there already.
var save = redis.NewScript(`
local n = redis.call('HGET', KEYS[1], 'n')
if n and tonumber(n) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'n', ARGV[1], 's', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`)

// Save keeps the state of a turn for ttl. An older turn never takes the place
// of a newer one; that is no error.
func (s *Session) Save(ctx context.Context, resident string, number int64, state []byte, ttl time.Duration) error {
	sealed := s.seal.Seal(place(resident, number), state)
	err := s.call(ctx, func(ctx context.Context) error {
		return save.Run(ctx, s.client, []string{stateKey(resident)}, number, sealed, ttl.Milliseconds()).Err()
	})
	if err != nil {
		return fmt.Errorf("save live state: %w", err)
	}
	return nil
}

// Forget removes a resident's state and limits.
func (s *Session) Forget(ctx context.Context, resident string) error {
	err := s.call(ctx, func(ctx context.Context) error {
		return s.client.Del(ctx, stateKey(resident), rateKey(resident)).Err()
	})
	if err != nil {
		return fmt.Errorf("forget live state: %w", err)
	}
	return nil
}

// Erased residents: a turn that was committed just before can come to be saved
// after. A number beyond all turns stands there meanwhile and refuses it.
const (
	erasedTurn = "9000000000000000"
	erasedFor  = time.Minute
)

var erase = redis.NewScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'n', ARGV[1], 's', '')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`)

// Erase removes a resident's state and limits, and refuses for a minute what
// comes late. Whoever writes meanwhile is answered from the database's copy.
func (s *Session) Erase(ctx context.Context, resident string) error {
	err := s.call(ctx, func(ctx context.Context) error {
		return erase.Run(ctx, s.client, []string{stateKey(resident), rateKey(resident)}, erasedTurn, erasedFor.Milliseconds()).Err()
	})
	if err != nil {
		return fmt.Errorf("erase live state: %w", err)
	}
	return nil
}

// allow counts within a window that begins with the first call.
var allow = redis.NewScript(`
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n`)

// Allow reports whether key may do something once more: at most limit times
// per period. When Redis is away everybody may, and the error says why it is
// not known. key must not tell who somebody is outside of this service.
func (s *Session) Allow(ctx context.Context, key string, limit int, per time.Duration) (bool, error) {
	var n int
	err := s.call(ctx, func(ctx context.Context) (err error) {
		n, err = allow.Run(ctx, s.client, []string{rateKey(key)}, per.Milliseconds()).Int()
		return err
	})
	if err != nil {
		return true, fmt.Errorf("count against limit: %w", err)
	}
	return n <= limit, nil
}

// Ping asks Redis itself, even while it is left alone.
func (s *Session) Ping(ctx context.Context) error {
	if err := s.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("reach redis: %w", err)
	}
	return nil
}

// call asks Redis, briefly, unless it failed a moment ago.
func (s *Session) call(ctx context.Context, ask func(context.Context) error) error {
	if !s.fuse.ready(time.Now()) {
		return ErrResting
	}
	short, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	err := ask(short)
	if ctx.Err() != nil && err != nil { // the caller gave up: that says nothing of Redis
		s.fuse.abstain()
		return err
	}
	s.fuse.report(time.Now(), err == nil || errors.Is(err, redis.Nil))
	return err
}

// fuse leaves Redis alone for a while after it failed twice in a row, then
// lets one call try.
type fuse struct {
	rest     time.Duration
	mu       sync.Mutex
	failures int
	until    time.Time
	probing  bool
}

const enough = 2 // failures in a row

func (f *fuse) ready(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failures < enough {
		return true
	}
	if now.Before(f.until) || f.probing {
		return false
	}
	f.probing = true
	return true
}

func (f *fuse) abstain() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.probing = false
}

func (f *fuse) report(now time.Time, fine bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.probing = false
	if fine {
		f.failures = 0
		return
	}
	f.failures++
	if f.failures >= enough {
		f.until = now.Add(f.rest)
	}
}
