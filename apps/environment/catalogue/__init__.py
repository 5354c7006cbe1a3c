"""The catalogues that ship with the portal: what a magnesium plant usually reports, as readable files."""
