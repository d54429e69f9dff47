package render

import "testing"

func TestTextGolden(t *testing.T) {
	golden(t, "matrix-80.txt", Text(sample(), Terminal{Width: 80}))
	golden(t, "matrix-120.txt", Text(sample(), Terminal{Width: 120}))
	golden(t, "matrix-120-colour.txt", Text(sample(), Terminal{Width: 120, Colour: true}))
	golden(t, "matrix-80-ascii.txt", Text(sample(), Terminal{ASCII: true}))
	golden(t, "platform-80.txt", Text(sample(2), Terminal{Width: 80}))
	golden(t, "platform-120.txt", Text(sample(5), Terminal{Width: 120}))
}

func TestMarkdownGolden(t *testing.T) { golden(t, "matrix.md", Markdown(sample())) }
