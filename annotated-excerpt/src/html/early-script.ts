/**
 * For pages whose scripts come late, as a `<script>` of its own before them: it keeps presses of a block's buttons until
 * the block is enhanced and its file there, when they are done. Without it a press before `enhance` does nothing.
 */
export const earlyScript =
  `addEventListener("click",e=>{let b=e.target.closest(".ax:not([data-alive]) button");` +
  `if(b)b.dataset.pressed=e.timeStamp})`;
