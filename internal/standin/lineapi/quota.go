package lineapi

import "time"

// quota counts the messages of a month.
type quota struct {
	limit int // 0 means none
	month int // year*12 + month, in Japan
	count int
}

func japaneseMonth(at time.Time) int {
	at = at.In(time.FixedZone("JST", 9*60*60))
	return at.Year()*12 + int(at.Month())
}

func (q *quota) used(now time.Time) int {
	if m := japaneseMonth(now); m != q.month {
		q.month, q.count = m, 0
	}
	return q.count
}

// take counts n more when they fit. A message that reaches nobody still needs
// room for one, because LINE checks before it knows.
func (q *quota) take(now time.Time, n int) bool {
	used := q.used(now)
	if q.limit > 0 && used+max(n, 1) > q.limit {
		return false
	}
	q.count += n
	return true
}

// SetQuota changes the monthly limit (0 means none) and what is used of it.
func (p *Platform) SetQuota(limit, used int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quota.used(p.now()) // turn the page first
	p.quota.limit, p.quota.count = limit, used
}

func (p *Platform) serveQuota(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.quota.limit == 0 {
		return ok(`{"type":"none"}`)
	}
	return okJSON(struct {
		Type  string `json:"type"`
		Value int    `json:"value"`
	}{"limited", p.quota.limit})
}

func (p *Platform) serveConsumption(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return okJSON(struct {
		TotalUsage int `json:"totalUsage"`
	}{p.quota.used(p.now())})
}
