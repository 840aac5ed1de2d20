package understand

import (
	"fmt"
	"math"
	"os"
	"sort"
	"strings"
	"testing"
)

type labCase struct {
	e       Example
	z, best []float32
	lay     layout
	m       *Model
	cl      [][]float32
}

// labHeld trains folds by voice and keeps outputs of held out examples.
func labHeld(t *testing.T, p Pack, folds int) []labCase {
	vo := map[string]int{}
	for _, e := range p.Examples {
		if _, ok := vo[e.Voice]; !ok {
			vo[e.Voice] = len(vo)
		}
	}
	if folds == 0 {
		folds = len(vo)
	}
	var out []labCase
	for f := range folds {
		q := p
		q.Examples = nil
		var held []Example
		for _, e := range p.Examples {
			if vo[e.Voice]%folds == f {
				held = append(held, e)
			} else {
				q.Examples = append(q.Examples, e)
			}
		}
		m, err := Train(q, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range held {
			msg := m.prepare(e.Text)
			sc := m.borrow()
			z, best := m.measure(&msg, sc)
			out = append(out, labCase{e: e, z: append([]float32(nil), z...), best: append([]float32(nil), best...), lay: m.layout, m: m})
			m.pool.Put(sc)
		}
	}
	return out
}

func TestLabRank(t *testing.T) {
	if os.Getenv("RANK") == "" {
		t.Skip()
	}
	p := labPack(t)
	cs := labHeld(t, p, 5)
	idx := cs[0].m.windowIndex
	type form struct {
		name  string
		f     func(c *labCase, p, pc []float64, j int) float64
		first func(c *labCase, j int) float64
	}
	fold := map[*Model][][]float64{}
	for i := range cs {
		m := cs[i].m
		if fold[m] != nil {
			continue
		}
		held := map[string]bool{}
		for k := range cs {
			if cs[k].m == m {
				held[cs[k].e.Voice] = true
			}
		}
		n := len(m.windowInfo)
		t := make([][]float64, n)
		q := make([]float64, n)
		tot := 0.0
		for j := range t {
			t[j] = make([]float64, n)
		}
		for _, e := range p.Examples {
			if held[e.Voice] || e.Window == "" {
				continue
			}
			for _, a := range e.Also {
				t[idx[e.Window]][idx[a]]++
				q[idx[a]]++
				tot++
			}
		}
		for a := range t {
			sum := 0.0
			for _, x := range t[a] {
				sum += x
			}
			for j := range t[a] {
				t[a][j] = math.Log((t[a][j] + 5*(q[j]+.5)/tot) / (sum + 5))
			}
		}
		fold[m] = t
	}
	lam := func(l float64) form {
		return form{fmt.Sprintf("cooc %.2f", l), func(c *labCase, p, pc []float64, j int) float64 {
			top := argmax(c.z[:c.lay.windows])
			return float64(c.z[c.lay.also()+j]) + l*fold[c.m][top][j]
		}, nil}
	}
	forms := []form{lam(0), lam(.1), lam(.2), lam(.3), lam(.5), lam(.8)}
	for _, fm := range forms {
		var first, three, also, both Rate
		for i := range cs {
			c := &cs[i]
			if c.e.Window == "" {
				continue
			}
			p := make([]float64, c.lay.windows)
			softmaxAt(p, c.z[:len(p)], c.m.calibration.Temperature)
			top := 0
			if fm.first != nil {
				for j := range p {
					p[j] = fm.first(c, j)
				}
			}
			for j := range p {
				if p[j] > p[top] {
					top = j
				}
			}
			s := make([]float64, len(p))
			ord := make([]int, len(p))
			for j := range p {
				s[j] = fm.f(c, p, nil, j)
				ord[j] = j
			}
			s[top] = 1e9
			sort.Slice(ord, func(a, b int) bool { return s[ord[a]] > s[ord[b]] })
			in := func(id string) bool { j := idx[id]; return ord[0] == j || ord[1] == j || ord[2] == j }
			first.add(ord[0] == idx[c.e.Window])
			three.add(in(c.e.Window))
			if len(c.e.Also) > 0 {
				ok := in(c.e.Window)
				for _, a := range c.e.Also {
					also.add(in(a))
					ok = ok && in(a)
				}
				both.add(ok)
			}
		}
		fmt.Printf("%-20s first %.4f three %.4f also %.4f (%d) both %.4f (%d)\n", fm.name, first.Share(), three.Share(), also.Share(), also.N, both.Share(), both.N)
	}
}

// TestLabDanger: one model a held-out voice, urgency by the whole product.
func TestLabDanger(t *testing.T) {
	if os.Getenv("DANGER") == "" {
		t.Skip()
	}
	p := labPack(t)
	cs := labHeld(t, p, 5)
	type sc struct {
		s           float64
		urg, hard   bool
		sure, guard bool
	}
	var all []sc
	for i := range cs {
		c := &cs[i]
		msg := c.m.prepare(c.e.Text)
		f := c.m.cues.flags(&msg)
		all = append(all, sc{c.m.danger(outputs{c.z, c.best}, f), c.e.Urgent != "", strings.Contains(c.e.At, "lookalike"), f.sure, f.guarded})
	}
	for _, cue := range []bool{true, false} {
		for _, th := range []float64{.04, .06, .08, .1, .15, .2, .25, .3, .4, .5} {
			var d, h, r Rate
			for _, x := range all {
				hit := x.s >= th || cue && x.sure
				switch {
				case x.urg:
					d.add(hit)
				case x.hard:
					h.add(hit)
				default:
					r.add(hit)
				}
			}
			fmt.Printf("cues %v >= %.2f danger %.3f hard %.3f rest %.3f\n", cue, th, d.Share(), h.Share(), r.Share())
		}
	}
	fmt.Println(cs[0].m.calibration.Danger)
	var sr, gu Rate
	for _, x := range all {
		if x.sure {
			sr.add(x.urg)
		}
		if x.guard {
			gu.add(x.urg)
		}
	}
	fmt.Println("sure cues right", sr, "guarded urgent", gu)
}

func TestLabDev(t *testing.T) {
	if os.Getenv("DEV") == "" {
		t.Skip()
	}
	p := labPack(t)
	m, err := Train(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile("/work/shared/dev.jsonl")
	cases, _ := ParseCases(b)
	for _, th := range []float64{.05, .08, .1, .15, .2, .25, .3, .4, .5} {
		var d, h, r Rate
		for _, c := range cases {
			u := m.Understand(c.Text, Hint{}).Urgency
			hit := u.Score >= th
			switch {
			case c.Urgent:
				d.add(hit)
			case c.Phenomenon == "hard-negative":
				h.add(hit)
			default:
				r.add(hit)
			}
		}
		fmt.Printf("dev >= %.2f danger %.3f hard %.3f rest %.3f\n", th, d.Share(), h.Share(), r.Share())
	}
	bad := map[string][2]int{}
	for _, e := range p.Examples {
		msg := m.prepare(e.Text)
		f := m.cues.flags(&msg)
		if f.sure {
			k := f.why.Rule + " " + f.why.Words
			v := bad[k]
			if e.Urgent != "" {
				v[0]++
			} else {
				v[1]++
			}
			bad[k] = v
		}
	}
	for k, v := range bad {
		if v[1] > 0 {
			fmt.Println(k, v)
		}
	}
}
