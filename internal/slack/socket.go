package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode: the same requests over a connection that we open, so that Slack
// needs no way in. https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	socketQuiet = 45 * time.Second // Slack pings every few seconds
	socketShort = 5 * time.Second  // a connection that ends sooner counts as failed
	socketFirst = time.Second      // pause after the first failure, then doubling
	socketMost  = 30 * time.Second
	socketHands = 32 // requests handled at once
	// Slack ignores answers that come as several frames, so one must fit.
	socketBuffer = 32 << 10
	socketRead   = 4 << 20
)

// frame is what comes over a socket.
type frame struct {
	Type     string          `json:"type"`
	Envelope string          `json:"envelope_id"`
	Payload  json.RawMessage `json:"payload"`
	Accepts  bool            `json:"accepts_response_payload"`
	Reason   string          `json:"reason"`
}

// Run keeps a Socket Mode connection until ctx ends, and then finishes what is
// in hand. It only returns an error when it cannot begin.
func (c *Client) Run(ctx context.Context) error {
	if c.cfg.AppToken == "" {
		return errors.New("slack: Socket Mode needs an app-level token")
	}
	var connections sync.WaitGroup
	defer connections.Wait()
	pause := socketFirst
	for ctx.Err() == nil {
		conn, err := c.dial(ctx)
		if err == nil {
			c.cfg.Count("socket", "connected")
			c.cfg.Log.InfoContext(ctx, "Socket Mode connected")
			begun := time.Now()
			left := make(chan struct{})
			connections.Go(func() { c.converse(ctx, conn, sync.OnceFunc(func() { close(left) })) })
			// When Slack announces the end of a connection the next one is
			// opened before it, so that nothing falls between.
			<-left
			if time.Since(begun) > socketShort {
				pause = socketFirst
				continue
			}
			err = errors.New("the connection ended at once")
		}
		if ctx.Err() != nil {
			return nil
		}
		f := sortError(err)
		c.cfg.Count("socket", f.code)
		if what := mend(f.code); what != "" {
			c.cfg.Log.ErrorContext(ctx, "Socket Mode refused", "answer", f.code, "mend", "set SLACK_APP_TOKEN to an app-level token with connections:write, and switch Socket Mode on")
		} else {
			c.cfg.Log.WarnContext(ctx, "Socket Mode not connected", "again_in", pause, "err", f.code)
		}
		select {
		case <-time.After(max(pause, f.after)):
		case <-ctx.Done():
		}
		pause = min(2*pause, socketMost)
	}
	return nil
}

// dial asks for an address, which is good once, and connects.
func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	_, address, err := c.sdk.StartSocketModeContext(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 10 * time.Second, WriteBufferSize: socketBuffer}
	conn, res, err := dialer.DialContext(ctx, address, nil)
	if res != nil && res.Body != nil {
		_ = res.Body.Close()
	}
	if err != nil {
		if res != nil {
			return nil, fmt.Errorf("open socket: status %d", res.StatusCode)
		}
		return nil, fmt.Errorf("open socket: %w", err)
	}
	return conn, nil
}

// converse reads a connection to its end. left is called when another one
// should be opened.
func (c *Client) converse(ctx context.Context, conn *websocket.Conn, left func()) {
	var hands sync.WaitGroup
	var write sync.Mutex
	defer func() {
		left()
		hands.Wait()
		_ = conn.Close()
	}()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })
	defer stop()
	conn.SetReadLimit(socketRead)
	alive := func() {
		_ = conn.SetReadDeadline(time.Now().Add(socketQuiet))
		if ctx.Err() != nil { // in case it ended just before
			_ = conn.SetReadDeadline(time.Now())
		}
	}
	conn.SetPingHandler(func(data string) error {
		alive()
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		return nil
	})
	alive()
	free := make(chan struct{}, socketHands)
	for ctx.Err() == nil {
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return
		}
		alive()
		var f frame
		if err := json.Unmarshal(raw, &f); err != nil {
			c.cfg.Count("socket", "bad frame")
			continue
		}
		switch f.Type {
		case "hello":
			continue
		case "disconnect":
			c.cfg.Count("socket", "disconnect "+oneLine(f.Reason, 30))
			left()
			continue
		}
		free <- struct{}{}
		hands.Go(func() {
			defer func() { <-free }()
			// What Slack handed over is finished even when we are told to stop.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
			defer cancel()
			c.acknowledge(ctx, conn, &write, f, c.handle(ctx, f))
		})
	}
}

// handle does what the HTTP handlers do.
func (c *Client) handle(ctx context.Context, f frame) answer {
	switch f.Type {
	case "events_api":
		return c.event(ctx, f.Payload)
	case "interactive":
		return c.interaction(ctx, f.Payload)
	case "slash_commands":
		var cmd slashCommand
		if err := json.Unmarshal(f.Payload, &cmd); err != nil {
			return malformed
		}
		return c.command(cmd)
	}
	return fine
}

// acknowledge answers an envelope. What is not durable gets no answer: Slack
// delivers events again, and tells the person who pressed a button.
func (c *Client) acknowledge(ctx context.Context, conn *websocket.Conn, write *sync.Mutex, f frame, a answer) {
	what := f.Type
	if what != "events_api" && what != "interactive" && what != "slash_commands" {
		what = "other"
	}
	c.cfg.Count("socket "+what, http.StatusText(a.status))
	if a.status >= http.StatusInternalServerError || f.Envelope == "" {
		return
	}
	ack := struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload,omitempty"`
	}{Envelope: f.Envelope}
	if f.Accepts {
		ack.Payload = a.body
	}
	body, err := encode(ack)
	if err != nil {
		c.cfg.Log.ErrorContext(ctx, "acknowledgement not written", "err", err)
		return
	}
	write.Lock()
	defer write.Unlock()
	_ = conn.SetWriteDeadline(time.Now().Add(2 * time.Second))
	if err := conn.WriteMessage(websocket.TextMessage, body); err != nil {
		c.cfg.Count("socket", "not acknowledged")
		c.cfg.Log.WarnContext(ctx, "acknowledgement not sent; Slack delivers again", "err", err)
	}
}
