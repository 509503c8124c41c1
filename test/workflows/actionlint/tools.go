//go:build tools

// Package tools names the program that this module pins: the checker of workflows.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
