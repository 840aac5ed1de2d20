package understand

import "math"

// Rate is a share with the number it rests on.
type Rate struct {
	Hits int `json:"hits"`
	N    int `json:"n"`
}

func (r *Rate) add(hit bool) {
	r.N++
	if hit {
		r.Hits++
	}
}

// Share is the rate as a number; NaN-free: 0 when nothing was counted.
func (r Rate) Share() float64 {
	if r.N == 0 {
		return 0
	}
	return float64(r.Hits) / float64(r.N)
}

// Wilson is the 95 % score interval of the rate
// (https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval).
func (r Rate) Wilson() (low, high float64) {
	if r.N == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(r.N), r.Share()
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, mid-half), min(1, mid+half)
}

// bins is how many bins the calibration error is taken over.
const bins = 10

// reliability gathers how sure the first answers were and how often right.
type reliability struct {
	n    [bins]int
	sure [bins]float64
	hits [bins]int
}

func (r *reliability) add(score float64, right bool) {
	b := min(bins-1, max(0, int(score*bins)))
	r.n[b]++
	r.sure[b] += score
	if right {
		r.hits[b]++
	}
}

// ece is the expected calibration error.
func (r *reliability) ece() float64 {
	total, sum := 0, 0.0
	for b := range r.n {
		total += r.n[b]
		sum += math.Abs(r.sure[b] - float64(r.hits[b]))
	}
	if total == 0 {
		return 0
	}
	return sum / float64(total)
}
