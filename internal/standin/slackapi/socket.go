package slackapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode. https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	maxSockets     = 10
	maxSocketReply = 20 * 1024 // larger acknowledgements are dropped silently
	ticketLife     = 30 * time.Second
)

// sockets holds the open Socket Mode connections.
type sockets struct {
	mu      sync.Mutex
	conns   []*socket
	turn    int
	tickets map[string]time.Time
	waiting map[string]chan answer // by envelope_id
}

type socket struct {
	conn *websocket.Conn
	mu   sync.Mutex // serialises writes
	gone chan struct{}
}

func newSockets() *sockets {
	return &sockets{tickets: map[string]time.Time{}, waiting: map[string]chan answer{}}
}

func (s *sockets) open() bool { return s.count() > 0 }

func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// takeAll takes all connections out of use and returns them.
func (s *sockets) takeAll() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	conns := s.conns
	s.conns = nil
	return conns
}

func (s *sockets) closeAll() {
	for _, c := range s.takeAll() {
		_ = c.conn.Close()
	}
}

func (s *sockets) remove(gone *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = slices.DeleteFunc(s.conns, func(c *socket) bool { return c == gone })
}

// pick takes the connections in turn.
func (s *sockets) pick() *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) == 0 {
		return nil
	}
	s.turn++
	return s.conns[s.turn%len(s.conns)]
}

func (s *socket) send(v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return s.conn.WriteJSON(v)
}

// ticket makes the secret of a connection's address. It is good once.
func (w *Workspace) ticket() (string, bool) {
	s := w.sockets
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) >= maxSockets {
		return "", false
	}
	for old, at := range s.tickets {
		if time.Since(at) > ticketLife {
			delete(s.tickets, old)
		}
	}
	t := w.ids.uuid()
	s.tickets[t] = time.Now()
	return t, true
}

func (s *sockets) redeem(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	return ok && time.Since(at) < ticketLife && len(s.conns) < maxSockets
}

// Sockets counts the open Socket Mode connections.
func (w *Workspace) Sockets() int { return w.sockets.count() }

// DisconnectSockets tells every connection to go ("warning", "refresh_requested"
// or "link_disabled") and, unless it is only a warning, closes it.
func (w *Workspace) DisconnectSockets(reason string) {
	message := obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": "stand-in"}}
	if reason == "warning" {
		w.sockets.mu.Lock()
		conns := slices.Clone(w.sockets.conns)
		w.sockets.mu.Unlock()
		for _, c := range conns {
			_ = c.send(message)
		}
		return
	}
	for _, c := range w.sockets.takeAll() {
		_ = c.send(message)
		goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = c.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second))
		_ = c.conn.Close()
	}
}

// serveSocket is the handler of the address that apps.connections.open gives.
func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	if w.isDown() {
		panic(http.ErrAbortHandler)
	}
	if !w.sockets.redeem(r.URL.Query().Get("ticket")) {
		http.Error(rw, "invalid ticket", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s := &socket{conn: conn, gone: make(chan struct{})}
	defer func() { _ = conn.Close() }()
	// hello comes before anything else, so the connection is only then used.
	n := w.sockets.count() + 1
	if err := s.send(obj{
		"type": "hello", "num_connections": n, "connection_info": obj{"app_id": w.cfg.App.ID},
		"debug_info": obj{"host": "stand-in", "build_number": 1, "approximate_connection_time": 18060},
	}); err != nil {
		return
	}
	w.sockets.mu.Lock()
	w.sockets.conns = append(w.sockets.conns, s)
	w.sockets.mu.Unlock()
	w.changed(Change{Kind: ChangeDelivery})
	var pinger sync.WaitGroup
	pinger.Go(func() { w.ping(s) })
	w.readAcks(s)
	close(s.gone)
	pinger.Wait()
	w.sockets.remove(s)
	w.changed(Change{Kind: ChangeDelivery})
}

func (w *Workspace) ping(s *socket) {
	tick := time.NewTicker(w.cfg.PingEvery)
	defer tick.Stop()
	for {
		if err := s.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second)); err != nil {
			return
		}
		select {
		case <-tick.C:
		case <-s.gone:
			return
		}
	}
}

// readAcks reads acknowledgements until the connection ends.
func (w *Workspace) readAcks(s *socket) {
	for {
		_, raw, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if len(raw) >= maxSocketReply {
			w.violate(Violation{Kind: ViolationBadAnswer, Method: "socket", Error: "answer_too_large",
				Detail: "Slack drops Socket Mode answers of 20 KB and more"})
			continue
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(raw, &ack); err != nil || ack.EnvelopeID == "" {
			w.violate(Violation{Kind: ViolationBadAnswer, Method: "socket", Error: "bad_envelope"})
			continue
		}
		w.sockets.mu.Lock()
		waiter := w.sockets.waiting[ack.EnvelopeID]
		delete(w.sockets.waiting, ack.EnvelopeID)
		w.sockets.mu.Unlock()
		if waiter == nil {
			w.violate(Violation{Kind: ViolationBadAnswer, Method: "socket", Error: "unknown_envelope",
				Detail: "acknowledged too late, twice, or never sent: " + ack.EnvelopeID})
			continue
		}
		if string(ack.Payload) == "null" {
			ack.Payload = nil
		}
		waiter <- answer{acked: true, status: http.StatusOK, body: ack.Payload, ctype: "application/json", via: "socket"}
	}
}

func (w *Workspace) overSocket(ctx context.Context, p *parcel) answer {
	s := w.sockets.pick()
	if s == nil {
		return answer{reason: "connection_failed", via: "socket"}
	}
	id := w.ids.uuid()
	waiter := make(chan answer, 1)
	w.sockets.mu.Lock()
	w.sockets.waiting[id] = waiter
	w.sockets.mu.Unlock()
	defer func() {
		w.sockets.mu.Lock()
		delete(w.sockets.waiting, id)
		w.sockets.mu.Unlock()
	}()
	envelope := obj{
		"envelope_id": id, "type": string(p.kind), "payload": json.RawMessage(p.body),
		"accepts_response_payload": p.response,
	}
	if p.kind == DeliveryEvent {
		envelope["retry_attempt"], envelope["retry_reason"] = p.attempt, p.reason
	}
	if err := s.send(envelope); err != nil {
		return answer{reason: "connection_failed", via: "socket"}
	}
	timeout := time.NewTimer(w.cfg.AckTimeout)
	defer timeout.Stop()
	select {
	case a := <-waiter:
		if len(a.body) > 0 && !p.response {
			w.violate(Violation{Kind: ViolationBadAnswer, Method: p.name, Error: "payload_not_accepted"})
			a.body = nil
		}
		return a
	case <-timeout.C:
		return answer{reason: "timeout", via: "socket"}
	case <-s.gone:
		return answer{reason: "connection_failed", via: "socket"}
	case <-ctx.Done():
		return answer{reason: "unknown_error", via: "socket"}
	}
}
