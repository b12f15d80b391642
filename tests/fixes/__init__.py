"""Tests of fixes: texts are edited, and everything else stays."""
