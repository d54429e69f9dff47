package model

// Interrupted is the reason of every claim that was still to be measured when the run was
// interrupted.
const Interrupted = "interrupted"

// NotSelected is the reason of every claim that the run was told to leave out.
const NotSelected = "not selected for this run"
