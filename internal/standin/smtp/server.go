// Package smtp is a mail server on loopback that keeps what it gets, and can
// be slow, silent or unwilling: for tests of the second route.
package smtp

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"
)

// Config of a server. The zero value takes every mail at once, in the clear.
type Config struct {
	StartTLS bool          // offers STARTTLS, and takes mail only after it
	Implicit bool          // TLS from the first byte, as on port 465
	User     string        // when set, mail is taken only after AUTH PLAIN with this name …
	Password string        // … and this password
	Delay    time.Duration // before every answer
	Silent   bool          // accepts the connection and never says anything
}

// Mail is one mail that was taken.
type Mail struct {
	From string
	To   []string
	Data string // with \n ends of line, dots undone
	TLS  bool
}

// Server is a mail server that runs until Close.
type Server struct {
	cfg   Config
	l     net.Listener
	cert  tls.Certificate
	roots *x509.CertPool
	wait  sync.WaitGroup
	quit  chan struct{}

	mu     sync.Mutex
	mails  []Mail
	refuse map[string]string // verb → answer
	conns  map[net.Conn]bool
}

// New starts a server on a free port of loopback.
func New(cfg Config) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port on loopback: %w", err)
	}
	s := &Server{cfg: cfg, l: l, quit: make(chan struct{}), refuse: map[string]string{}, conns: map[net.Conn]bool{}}
	if s.cert, s.roots, err = certificate(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	s.wait.Go(s.run)
	return s, nil
}

// Addr is where it listens, host:port.
func (s *Server) Addr() string { return s.l.Addr().String() }

// TLS is what a client needs to trust this server.
func (s *Server) TLS() *tls.Config {
	return &tls.Config{RootCAs: s.roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// Refuse answers a verb (MAIL, RCPT, DATA, AUTH, or END for the mail itself)
// with this line from now on; an empty line takes that back.
func (s *Server) Refuse(verb, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse[verb] = line
}

// Mails are those taken so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Close ends all connections.
func (s *Server) Close() {
	close(s.quit)
	_ = s.l.Close()
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wait.Wait()
}

func (s *Server) run() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.wait.Go(func() {
			defer func() {
				_ = c.Close()
				s.mu.Lock()
				delete(s.conns, c)
				s.mu.Unlock()
			}()
			if s.cfg.Silent {
				<-s.quit
				return
			}
			t := &talk{s: s, conn: c, secure: s.cfg.Implicit}
			if s.cfg.Implicit {
				t.conn = tls.Server(c, s.serverTLS())
			}
			t.serve()
		})
	}
}

func (s *Server) serverTLS() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS12}
}

// talk is one connection.
type talk struct {
	s      *Server
	conn   net.Conn
	r      *bufio.Reader
	secure bool
	known  bool
	mail   Mail
}

func (t *talk) say(line string) bool {
	if t.s.cfg.Delay > 0 {
		select {
		case <-time.After(t.s.cfg.Delay):
		case <-t.s.quit:
			return false
		}
	}
	_, err := fmt.Fprintf(t.conn, "%s\r\n", line)
	return err == nil
}

func (t *talk) refused(verb string) string {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.s.refuse[verb]
}

func (t *talk) serve() {
	t.r = bufio.NewReader(t.conn)
	if !t.say("220 stand-in ESMTP") {
		return
	}
	for {
		line, err := t.r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		answer := t.refused(verb)
		if answer == "" {
			answer = t.answer(verb, rest)
		}
		if !t.say(answer) || verb == "QUIT" {
			return
		}
		if verb == "STARTTLS" && strings.HasPrefix(answer, "220") {
			t.conn, t.secure = tls.Server(t.conn, t.s.serverTLS()), true
			t.r = bufio.NewReader(t.conn)
		}
		if verb == "DATA" && strings.HasPrefix(answer, "354") && !t.data() {
			return
		}
	}
}

func (t *talk) answer(verb, rest string) string {
	cfg := t.s.cfg
	switch verb {
	case "EHLO", "HELO":
		lines := []string{"250-stand-in"}
		if cfg.StartTLS && !t.secure {
			lines = append(lines, "250-STARTTLS")
		}
		if cfg.User != "" {
			lines = append(lines, "250-AUTH PLAIN")
		}
		return strings.Join(append(lines, "250 8BITMIME"), "\r\n")
	case "STARTTLS":
		if !cfg.StartTLS || t.secure {
			return "502 not here"
		}
		return "220 go ahead"
	case "AUTH":
		_, token, _ := strings.Cut(rest, " ")
		raw, err := base64.StdEncoding.DecodeString(token)
		if err != nil || string(raw) != "\x00"+cfg.User+"\x00"+cfg.Password {
			return "535 5.7.8 wrong name or password"
		}
		t.known = true
		return "235 fine"
	case "MAIL":
		switch {
		case cfg.StartTLS && !t.secure:
			return "530 5.7.0 STARTTLS first"
		case cfg.User != "" && !t.known:
			return "530 5.7.0 AUTH first"
		}
		t.mail = Mail{From: address(rest), TLS: t.secure}
		return "250 fine"
	case "RCPT":
		t.mail.To = append(t.mail.To, address(rest))
		return "250 fine"
	case "DATA":
		if len(t.mail.To) == 0 {
			return "503 RCPT first"
		}
		return "354 go ahead"
	case "RSET", "NOOP":
		return "250 fine"
	case "QUIT":
		return "221 bye"
	}
	return "502 unknown"
}

// data reads the mail itself.
func (t *talk) data() bool {
	var b strings.Builder
	for {
		line, err := t.r.ReadString('\n')
		if err != nil {
			return false
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "." {
			break
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
	if no := t.refused("END"); no != "" {
		return t.say(no)
	}
	t.mail.Data = b.String()
	t.s.mu.Lock()
	t.s.mails = append(t.s.mails, t.mail)
	t.s.mu.Unlock()
	return t.say("250 taken")
}

func address(s string) string {
	_, rest, _ := strings.Cut(s, "<")
	a, _, _ := strings.Cut(rest, ">")
	return a
}

// certificate makes one for 127.0.0.1, good for an hour.
func certificate() (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make a key: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stand-in"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("read the certificate: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots, nil
}
