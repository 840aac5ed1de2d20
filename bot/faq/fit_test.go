package faq

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
)

func TestFit(t *testing.T) {
	if os.Getenv("FIT") == "" {
		t.Skip()
	}
	read := func(f string) string { b, _ := os.ReadFile("testdata/" + f); return string(b) }
	entries, _ := ParsePairs(read("pairs.tsv"))
	var asked []Asked
	for _, f := range []string{"queries.tsv", "queries.kana.tsv", "fresh.tsv"} {
		a, _ := ParseAsked(read(f))
		asked = append(asked, a...)
	}
	rules := rulesForFit(t)
	type row struct {
		f     [signCount]float64
		g     signs
		q, h  string
		y     float64
		train bool
	}
	var rows []row
	for part := range 3 {
		// part 0, 1: half of the questions have lost their answers; 2: all entries
		gone := map[string]bool{}
		for i, a := range asked {
			if part < 2 && i%2 == part {
				for _, r := range a.Relevant {
					gone[r] = true
				}
			}
		}
		var kept []Entry
		for _, e := range entries {
			if !gone[e.ID] {
				kept = append(kept, e)
			}
		}
		x, err := Build(kept, rules)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range asked {
			if part < 2 && i%2 != part {
				continue
			}
			q := x.ask(a.Query)
			s := newScratch(len(kept), len(x.ways))
			x.pool.Put(s)
			hits := x.searchWith(s, &q, 10)
			if len(hits) == 0 {
				continue
			}
			g := x.signs(s, &q)
			r := row{f: g.list(), train: (i/2)%2 == 0}
			if slices.Contains(a.Relevant, hits[0].ID) {
				r.y = 1
			}
			r.g = g
			r.q, r.h = a.Query, fmt.Sprint(part, " ", kept[hits[0].Entry].Question)
			rows = append(rows, r)
		}
	}
	var w [signCount]float64
	for range 20000 {
		var grad [signCount]float64
		n := 0.0
		for _, r := range rows {
			if !r.train {
				continue
			}
			z := 0.0
			for k := range w {
				z += w[k] * r.f[k]
			}
			d := r.y - 1/(1+math.Exp(-z))
			for k := range w {
				grad[k] += d * r.f[k]
			}
			n++
		}
		for k := range w {
			w[k] += 1 * grad[k] / n
		}
	}
	fmt.Println("weights", w)
	for _, r := range rows {
		z := 0.0
		for k := range w {
			z += w[k] * r.f[k]
		}
		if p := 1 / (1 + math.Exp(-z)); p > .5 && r.g.own > .4 && r.y == 0 {
			fmt.Printf("%.2f %s -> %s %.2f\n", p, r.q, r.h, r.f[1:])
		}
	}
	for _, lit := range []float64{.2, .3, .4, .5} {
		for _, own := range []float64{.2, .3, .4, .5, .6} {
			for _, th := range []float64{.5, .6, .7, .8} {
				fmt.Printf("lit %.1f own %.1f th %.2f:", lit, own, th)
				for _, train := range []bool{true, false} {
					n, wrong := 0, 0
					for _, r := range rows {
						if r.train != train || r.g.literal < lit || r.g.own < own {
							continue
						}
						z := 0.0
						for k := range w {
							z += w[k] * r.f[k]
						}
						if 1/(1+math.Exp(-z)) >= th {
							n++
							wrong += 1 - int(r.y)
						}
					}
					fmt.Printf("  %d/%d wrong", wrong, n)
				}
				fmt.Println()
			}
		}
	}
	for _, train := range []bool{true, false} {
		for _, th := range []float64{.5, .6, .7, .75, .8, .85, .9, .92, .95} {
			n, wrong, all, pos := 0, 0, 0, 0
			for _, r := range rows {
				if r.train != train {
					continue
				}
				z := 0.0
				for k := range w {
					z += w[k] * r.f[k]
				}
				all++
				pos += int(r.y)
				if 1/(1+math.Exp(-z)) >= th {
					n++
					wrong += 1 - int(r.y)
				}
			}
			fmt.Printf("train %v th %.2f: answered %d of %d (right first %d), wrong %d (%.1f%%)\n", train, th, n, all, pos, wrong, 100*float64(wrong)/float64(max(1, n)))
		}
	}
}
