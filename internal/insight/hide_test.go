package insight

import (
	"fmt"
	"testing"
)

// lines calls f with every line of n figures from 0 to most.
func lines(n, most int, f func([]int)) {
	line := make([]int, n)
	for {
		f(line)
		i := 0
		for i < n && line[i] == most {
			line[i] = 0
			i++
		}
		if i == n {
			return
		}
		line[i]++
	}
}

// TestLineCannotBeRecomputed is an attack by somebody who knows the sum, the
// marks and the whole rule: of every line there could be, those that look the
// same are put together. A hidden number of people must never be the same in
// all of them.
func TestLineCannotBeRecomputed(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ n, most int }{{1, 40}, {2, 40}, {3, 24}, {4, 14}, {5, 9}} {
		seen := map[string][]uint64{} // for each look: which numbers each place can be
		lines(size.n, size.most, func(line []int) {
			sum := 0
			for _, n := range line {
				sum += n
			}
			if sum > size.most { // else larger ones that would look the same are missing
				return
			}
			key := look(line, sum)
			if seen[key] == nil {
				seen[key] = make([]uint64, len(line))
			}
			for i, n := range line {
				seen[key][i] |= 1 << n
			}
		})
		narrow := map[int]int{}
		lines(size.n, size.most, func(line []int) {
			sum := 0
			for _, n := range line {
				sum += n
			}
			if sum > size.most || few(sum) {
				return
			}
			for i, n := range line {
				if !small(n) {
					continue
				}
				choices := 0
				for v := range Fewest {
					if seen[look(line, sum)][i]&(1<<v) != 0 {
						choices++
					}
				}
				narrow[choices]++
				if choices < 2 {
					t.Errorf("%v is published as %s: number %d can only be %d", line, look(line, sum), i, n)
				}
			}
		})
		t.Logf("%d figures: how many numbers from 0 to 4 a hidden one can be → how often: %v", size.n, narrow)
	}
}

// look is what the reader sees of a line.
func look(line []int, sum int) string {
	s := fmt.Sprint(figure(sum, hideTotal(sum)))
	if few(sum) {
		return s
	}
	for i, m := range hideLine(line) {
		s += fmt.Sprint(" ", figure(line[i], m))
	}
	return s
}
